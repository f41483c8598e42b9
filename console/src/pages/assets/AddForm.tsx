import { useState } from 'react'
import { DropZone, FileTrigger, Input, Label, TextArea, TextField, type FileDropItem } from 'react-aria-components'
import type { AssetRole } from '../../graphql/graphql'
import { Button } from '../../ui/Button'
import { Problems } from '../../ui/Problems'
import { words } from '../../ui/Status'
import css from '../../ui/ui.module.css'
import page from './assets.module.css'
import type { Suggestion } from './suggestions'
import { useAddAsset, type AddAsset } from './useAddAsset'

interface Draft {
  /** The name that the asset gets; its ending tells the media type. */
  name: string
  text: string
  about?: string
}

const COMPARATOR = `{
  "version": 1,
  "errors": {"maximumShare": 0}
}
`
const DRAFTS: Partial<Record<AssetRole, Draft>> = {
  DOCUMENTATION: { name: 'documentation.md', text: '' },
  SCHEMA: { name: 'schema.json', text: '{\n  "input": {"format": "csv", "columns": []},\n  "output": {"format": "csv", "columns": []}\n}\n' },
  TEST_DATA: { name: 'test-data.csv', text: '', about: 'Rows of CSV, as the model takes them.' },
  TEST_RESULT_COMPARATOR: {
    name: 'comparator.json',
    text: COMPARATOR,
    about: 'These rules pass if the model answers each row without an error. "rows": {"equals": 20} also counts them, "metrics": [{"name": "mean", "minimum": 0.2, "maximum": 0.4}] bounds the answers.',
  },
}

/** A text that is written here instead of in a file. */
function Writing({ draft, adding, onDone }: { draft: Draft; adding: AddAsset; onDone: () => void }) {
  const [text, setText] = useState(draft.text)
  const save = async () => {
    if (await adding.addFile(new File([text], draft.name))) onDone()
  }
  return (
    <div className={page.writing}>
      <TextField className={css.field} value={text} onChange={setText}>
        <Label>{draft.about ?? `The text of ${draft.name}`}</Label>
        <TextArea className={css.input} rows={5} autoFocus spellCheck={false} />
      </TextField>
      <div className={page.buttons}>
        <Button look="primary" isDisabled={adding.isBusy || !text.trim()} onPress={() => void save()}>
          Save
        </Button>
        <Button onPress={onDone}>Cancel</Button>
      </div>
    </div>
  )
}

function Address({ adding, suggestions }: { adding: AddAsset; suggestions: readonly Suggestion[] }) {
  const [address, setAddress] = useState('')
  const add = async () => {
    if (await adding.addAddress(address)) setAddress('')
  }
  const isReady = !adding.isBusy && address.startsWith('s3://')
  return (
    <>
      <div className={page.address}>
        <TextField className={css.field} value={address} onChange={setAddress} onKeyDown={({ key }) => void (key === 'Enter' && isReady && add())}>
          <Label>name its address in S3</Label>
          <Input className={css.input} placeholder="s3://bucket/folder/" autoComplete="off" spellCheck={false} />
        </TextField>
        <Button isDisabled={!isReady} onPress={() => void add()}>
          Add
        </Button>
      </div>
      {suggestions.map(({ s3Uri, source, contentType }) => (
        <p key={s3Uri} className={page.suggestion}>
          <Button isDisabled={adding.isBusy} onPress={() => void adding.addAddress(s3Uri, contentType)}>
            Use
          </Button>
          <span>
            <code>{s3Uri}</code> <span className={css.quiet}>as {source} did</span>
          </span>
        </p>
      ))}
    </>
  )
}

interface Props {
  registrationId: string
  role: AssetRole
  suggestions: readonly Suggestion[]
  /** Called once something is kept. */
  onAdded: () => void
}

/** The ways to add an asset: a file, a text, an address in S3. */
export function AddForm({ registrationId, role, suggestions, onAdded }: Props) {
  const adding = useAddAsset(registrationId, role, onAdded)
  const [isWriting, setWriting] = useState(false)
  const [wasWriting, setWritten] = useState(false)
  const stopWriting = () => {
    setWriting(false)
    setWritten(true)
  }
  const draft = DRAFTS[role]
  const drop = async (items: readonly { kind: string }[]) => {
    for (const item of items) if (item.kind === 'file') await adding.addFile(await (item as FileDropItem).getFile())
  }
  const choose = async (files: FileList | null) => {
    for (const file of files ?? []) await adding.addFile(file)
  }
  return (
    <>
      {isWriting && draft ? (
        <Writing draft={draft} adding={adding} onDone={stopWriting} />
      ) : (
        <DropZone className={page.drop} onDrop={({ items }) => void drop(items)} aria-label={`Drop a file for ${words(role)}`}>
          <FileTrigger onSelect={files => void choose(files)}>
            <Button isDisabled={adding.isBusy}>Choose a file</Button>
          </FileTrigger>
          <span className={css.quiet}>or drop it here, or</span>
          {draft && (
            <>
              <Button autoFocus={wasWriting} isDisabled={adding.isBusy} onPress={() => setWriting(true)}>
                Write it here
              </Button>
              <span className={css.quiet}>or</span>
            </>
          )}
          <Address adding={adding} suggestions={suggestions} />
        </DropZone>
      )}
      {adding.isBusy && <span role="status">Sending …</span>}
      <Problems problems={adding.problems} />
    </>
  )
}
