"""A stand-in Jira: one project over HTTP, as Cloud or as Data Center answers, and pages for people.

Pages cited in this package: CLOUD is https://developer.atlassian.com/cloud/jira/platform/, DC is
https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0/.
"""
