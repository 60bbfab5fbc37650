/** WCAG 2 contrast of two CSS colours written as `oklch(L C H)`, clamped to sRGB. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

function luminance(color: string): number {
  const [red, green, blue] = linearRgb(color)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Linear sRGB, each channel clamped to 0..1 and rounded to the 8 bits that a screen gets. */
function linearRgb(color: string): [number, number, number] {
  const [lightness, chroma, hue] = parseOklch(color)
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    onScreen(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    onScreen(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    onScreen(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

function onScreen(linear: number): number {
  const clamped = Math.min(1, Math.max(0, linear))
  const encoded = clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055
  const byte = Math.round(encoded * 255) / 255
  return byte <= 0.04045 ? byte / 12.92 : ((byte + 0.055) / 1.055) ** 2.4
}

function parseOklch(color: string): [number, number, number] {
  const numbers = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(color.trim())
  if (!numbers) throw new Error(`not an oklch colour: ${color}`)
  return [Number(numbers[1]), Number(numbers[2]), Number(numbers[3])]
}
