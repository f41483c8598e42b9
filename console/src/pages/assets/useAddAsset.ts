import { useState } from 'react'
import { useMutation } from 'urql'
import { faultsOf, problemsOf, type Problem } from '../../api/problems'
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

export interface AddAsset {
  isBusy: boolean
  problems: Problem[]
  /** Sends a file; true if it is kept. */
  addFile: (file: File) => Promise<boolean>
  /** Names an address in S3, and its media type if its ending does not tell; true if it is kept. */
  addAddress: (s3Uri: string, contentType?: string) => Promise<boolean>
}

/** Adds assets of a role to a registration: a file, or an address in S3. */
export function useAddAsset(registrationId: string, role: AssetRole, onAdded: () => void): AddAsset {
  const [, put] = useMutation(putAsset)
  const [, create] = useMutation(createUpload)
  const [isBusy, setBusy] = useState(false)
  const [problems, setProblems] = useState<Problem[]>([])

  const keep = async (name: string, content: AssetContentInput, contentType?: string): Promise<Problem[]> => {
    const { data, error } = await put({ input: { registrationId, role, name, content, contentType } })
    return [...problemsOf(error), ...faultsOf(data?.putAsset)]
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
    return text === undefined ? [...problemsOf(error), ...faultsOf(data?.createAssetUpload)] : keep(file.name, { text }, contentType)
  }

  const run = async (work: () => Promise<Problem[]>) => {
    setBusy(true)
    const met = await work().catch(() => [{ code: 'NETWORK', message: 'The file could not be sent; try again.', path: '' }])
    setProblems(met)
    setBusy(false)
    if (met.length === 0) onAdded()
    return met.length === 0
  }

  return {
    isBusy,
    problems,
    addFile: file => run(() => upload(file)),
    addAddress: (s3Uri, contentType) => run(() => keep(s3Uri.replace(/\/+$/, '').split('/').at(-1) ?? s3Uri, { s3Uri }, contentTypeOfName(s3Uri) ?? contentType)),
  }
}
