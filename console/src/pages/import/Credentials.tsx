import { Input, Label, TextField } from 'react-aria-components'
import { Panel } from '../../ui/Page'
import css from '../../ui/ui.module.css'
import page from './import.module.css'

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

export const NO_CREDENTIALS: Credentials = { accessKeyId: '', secretAccessKey: '', sessionToken: '' }

const FIELDS: [keyof Credentials, string, 'text' | 'password'][] = [
  ['accessKeyId', 'Access key id', 'text'],
  ['secretAccessKey', 'Secret access key', 'password'],
  ['sessionToken', 'Session token (for temporary keys)', 'password'],
]

/** Keys for this import alone. They are in this page's memory until it is left, and nowhere else. */
export function CredentialsForm({ value, onChange }: { value: Credentials; onChange: (value: Credentials) => void }) {
  return (
    <Panel title="Read with other credentials (optional)">
      <p className={css.quiet}>They are used for this import alone, and are kept nowhere.</p>
      <div className={page.credentials}>
        {FIELDS.map(([field, label, type]) => (
          <TextField key={field} className={css.field} value={value[field]} onChange={text => onChange({ ...value, [field]: text })} type={type}>
            <Label>{label}</Label>
            <Input className={css.input} autoComplete="off" spellCheck={false} />
          </TextField>
        ))}
      </div>
    </Panel>
  )
}
