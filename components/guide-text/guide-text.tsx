/** Text of docs/failure-modes.md: what stands between backticks is set as code. */
export function GuideText({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place
      <code key={index} className="wrap-anywhere rounded-sm bg-muted px-1 text-[0.9em]">
        {part}
      </code>
    ),
  )
}
