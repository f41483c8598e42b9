import { useState } from 'react'
import { useMutation } from 'urql'
import { faultsOf, problemsOf, type Problem } from '../../api/problems'
import { graphql } from '../../graphql'
import type { AssetRole } from '../../graphql/graphql'
import { Button } from '../../ui/Button'
import { Problems } from '../../ui/Problems'
import { words } from '../../ui/Status'

const removeAsset = graphql(`
  mutation RemoveAsset($input: RemoveAssetInput!) {
    removeAsset(input: $input) {
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

interface Props {
  registrationId: string
  role: AssetRole
  name: string
  /** Called once the asset is gone, and this button with it. */
  onRemoved: () => void
}

/** Takes an asset off the model, as one that was added by mistake; its object in S3 stays. */
export function RemoveAsset({ registrationId, role, name, onRemoved }: Props) {
  const [{ fetching }, send] = useMutation(removeAsset)
  const [problems, setProblems] = useState<Problem[]>([])
  const remove = async () => {
    const { data, error } = await send({ input: { registrationId, role, name } })
    const met = [...problemsOf(error), ...faultsOf(data?.removeAsset)]
    setProblems(met)
    if (met.length === 0) onRemoved()
  }
  return (
    <>
      <Button look="plain" isDisabled={fetching} onPress={() => void remove()} aria-label={`Remove ${name} of ${words(role)}`}>
        Remove
      </Button>
      <Problems problems={problems} />
    </>
  )
}
