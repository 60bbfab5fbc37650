'use client'

export { PageProblem as default } from '@/components/states/page-problem'
