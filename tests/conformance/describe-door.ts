import { afterAll, beforeAll, describe } from 'vitest'
import { type Corral, type DoorName, startCorral } from '../support/start-corral'
import { describeClients } from './clients-suite'
import { describeCommandLine } from './command-line-suite'
import { describeDoorItself } from './doors-suite'
import { describeNextDoor } from './next-door-suite'
import { describeRecordings } from './recordings-suite'
import { describeSlowClient } from './slow-client-suite'

/** The one suite, through one door: a Corral in a process of its own serves all of it. */
export function describeDoor(door: DoorName): void {
  describe(`through the ${door} door`, () => {
    let corral: Corral
    beforeAll(async () => {
      corral = await startCorral({
        door,
        backends: [],
        env: { CORRAL_ROLE: 'all' },
        // Recorded crashes and refusals follow each other: they are not to close the door.
        settings: { circuitFailures: 1000, healthDownAfter: 100 },
      })
    }, 600_000)
    afterAll(() => corral?.stop())

    describeRecordings(door, () => corral)
    describeCommandLine(() => corral)
    describeClients(() => corral)
    describeSlowClient(() => corral)
    describeDoorItself(door, () => corral)
    if (door === 'next') describeNextDoor(() => corral)
  })
}
