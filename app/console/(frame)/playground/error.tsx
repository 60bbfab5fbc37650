'use client'

import { PageProblem } from '@/components/states/page-problem'

export default PageProblem
