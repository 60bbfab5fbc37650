import { describeDoor } from './describe-door'

describeDoor('next')
