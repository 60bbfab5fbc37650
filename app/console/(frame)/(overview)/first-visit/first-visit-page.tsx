'use client'

import dynamic from 'next/dynamic'

/** Rendered by the server as any page; who has been here before does not load it. */
export const FirstVisitPage = dynamic(() => import('./first-visit').then((m) => m.FirstVisit))
