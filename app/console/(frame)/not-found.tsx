import { Link } from '@/components/link/link'

export default function NotFound() {
  return (
    <div className="grid justify-items-start gap-2 px-4 py-12 md:px-6">
      <h1 className="font-semibold text-lg">Nothing is here</h1>
      <p className="text-muted-foreground text-sm">
        The page, or what it was about, does not exist, or you may not see it.
      </p>
      <Link href="/console" className="text-link text-sm">
        Go to the overview
      </Link>
    </div>
  )
}
