import type { FrontendInput } from '@/lib/schemas/entities'
import { composeCommand } from './command-line'
import { renderCapture, renderLimit } from './key-command'

/** The words behind `corral` that change a frontend; without a name it is the default one. */
export function updateFrontendCommand(
  name: string | null,
  change: Partial<FrontendInput>,
): string[] | null {
  const told = options(change)
  if (told.length === 0) return null
  return composeCommand({
    verb: ['frontends', 'update'],
    names: name === null ? [] : [name],
    options: told,
  })
}

function options(change: Partial<FrontendInput>): string[] {
  const { name, access, strategy, unknownModel, openNetworks } = change
  const { rateLimit, anonymousRateLimit, capture } = change
  return [
    ...(name === undefined ? [] : [`--name=${name}`]),
    ...(access === undefined ? [] : ['--access', access]),
    ...(strategy === undefined ? [] : ['--strategy', strategy]),
    ...(unknownModel === undefined ? [] : ['--unknown-model', unknownModel]),
    ...(openNetworks === undefined ? [] : [`--open-networks=${openNetworks.join(',')}`]),
    ...(rateLimit === undefined ? [] : ['--rate-limit', renderLimit(rateLimit)]),
    ...(anonymousRateLimit === undefined
      ? []
      : ['--anonymous-rate-limit', renderLimit(anonymousRateLimit)]),
    ...(capture === undefined ? [] : ['--capture', renderCapture(capture)]),
  ]
}
