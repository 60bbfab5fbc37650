'use client'

/**
 * Puts text on the clipboard. Away from localhost, plain http has no `navigator.clipboard`: then a
 * textarea does it, inside the open dialog where there is one, because focus cannot leave it.
 * False when neither worked.
 */
export async function copyText(text: string, near?: Element | null): Promise<boolean> {
  if (typeof navigator.clipboard?.writeText === 'function') {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      // Refused by a policy or for want of focus: the other way may still work.
    }
  }
  return copyByTextarea(text, near)
}

function copyByTextarea(text: string, near?: Element | null): boolean {
  const focused = document.activeElement
  const home = (near ?? focused)?.closest('[role="dialog"], [role="alertdialog"]') ?? document.body
  const textarea = document.createElement('textarea')
  textarea.value = text
  textarea.readOnly = true
  textarea.setAttribute('aria-hidden', 'true')
  textarea.style.cssText = 'position:fixed;top:0;left:0;width:1px;height:1px;opacity:0'
  home.append(textarea)
  try {
    textarea.focus({ preventScroll: true })
    textarea.setSelectionRange(0, text.length)
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    textarea.remove()
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
  }
}

/** The last way out: selects the text where it stands, for the reader's own Ctrl C. */
export function selectText(element: Element): void {
  const selection = getSelection()
  selection?.selectAllChildren(element)
}
