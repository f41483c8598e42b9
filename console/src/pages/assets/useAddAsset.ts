import { useState } from 'react'
import { useMutation } from 'urql'
import { problemsOf, type Problem } from '../../api/problems'
import { graphql } from '../../graphql'
import type { AssetContentInput, AssetRole } from '../../graphql/graphql'
import { contentTypeOf, contentTypeOfName, sendForm, textOf } from './upload'

const putAsset = graphql(`
  mutation PutAsset($input: PutAssetInput!) {
    putAsset(input: $input) {
      registration {
        ...RegistrationFacts
      }
      userErrors {
        code
        message
      }
    }
  }
`)

const createUpload = graphql(`
  mutation CreateAssetUpload($input: CreateAssetUploadInput!) {
    createAssetUpload(input: $input) {
      upload {
        uploadId
        url
        fields {
          name
          value
        }
      }
      userErrors {
        code
        message
      }
    }
  }
`)

interface Fault {
  code: string
  message: string
}

const asProblems = (faults: readonly Fault[]): Problem[] => faults.map(({ code, message }) => ({ code, message, path: '' }))

export interface AddAsset {
  isBusy: boolean
  problems: Problem[]
  addFile: (file: File) => Promise<void>
  addAddress: (s3Uri: string) => Promise<void>
}

/** Adds assets of a role to a registration: a file, or an address in S3. */
export function useAddAsset(registrationId: string, role: AssetRole): AddAsset {
  const [, put] = useMutation(putAsset)
  const [, create] = useMutation(createUpload)
  const [isBusy, setBusy] = useState(false)
  const [problems, setProblems] = useState<Problem[]>([])

  const keep = async (name: string, content: AssetContentInput, contentType?: string): Promise<Problem[]> => {
    const { data, error } = await put({ input: { registrationId, role, name, content, contentType } })
    return [...problemsOf(error), ...asProblems(data?.putAsset?.userErrors ?? [])]
  }

  const upload = async (file: File): Promise<Problem[]> => {
    const contentType = contentTypeOf(file)
    const { data, error } = await create({ input: { registrationId, role, name: file.name, contentType } })
    const made = data?.createAssetUpload?.upload
    if (made) {
      await sendForm(made, file)
      return keep(file.name, { uploadId: made.uploadId })
    }
    const faults = data?.createAssetUpload?.userErrors ?? []
    // Without a bucket for uploads, a small text still has a place.
    const text = faults.some(({ code }) => code === 'DISABLED') ? await textOf(file) : undefined
    return text === undefined ? [...problemsOf(error), ...asProblems(faults)] : keep(file.name, { text }, contentType)
  }

  const run = async (work: () => Promise<Problem[]>) => {
    setBusy(true)
    setProblems(await work().catch(() => [{ code: 'NETWORK', message: 'The file could not be sent; try again.', path: '' }]))
    setBusy(false)
  }

  return {
    isBusy,
    problems,
    addFile: file => run(() => upload(file)),
    addAddress: s3Uri => run(() => keep(s3Uri.replace(/\/+$/, '').split('/').at(-1) ?? s3Uri, { s3Uri }, contentTypeOfName(s3Uri))),
  }
}
