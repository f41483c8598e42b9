import { Button as AriaButton, type ButtonProps } from 'react-aria-components'
import css from './ui.module.css'

type Look = 'primary' | 'danger' | 'plain'

/** A button; `look` tells how much it matters. */
export function Button({ look, ...props }: ButtonProps & { look?: Look }) {
  return <AriaButton {...props} className={look ? `${css.button} ${css[look]}` : css.button} />
}
