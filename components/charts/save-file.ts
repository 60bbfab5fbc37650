'use client'

/** Hands a file to the browser to save. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** An element as a PNG on its own ground, twice as fine as the screen; `data-saving` meanwhile. */
export async function savePng(name: string, element: HTMLElement): Promise<void> {
  const { toBlob } = await import('html-to-image')
  const background = getComputedStyle(element).backgroundColor
  element.dataset.saving = 'true'
  const image = await toBlob(element, {
    pixelRatio: 2,
    backgroundColor: background,
    filter: (node) => !(node instanceof HTMLElement && node.dataset.export === 'hide'),
  }).finally(() => {
    delete element.dataset.saving
  })
  if (!image) throw new Error('The browser made no picture of this chart.')
  saveFile(name, image)
}

/** `traffic-24h.csv`: a name that every file system takes. */
export function fileName(words: string, ending: string): string {
  const plain = words.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `${plain.replace(/^-+|-+$/g, '')}.${ending}`
}
