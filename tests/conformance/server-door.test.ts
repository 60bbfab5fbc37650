import { describeDoor } from './describe-door'

describeDoor('server')
