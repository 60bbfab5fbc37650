import { BoxesIcon } from 'lucide-react'
import { Link } from '@/components/link/link'
import { EmptyNew } from '@/components/states/states'
import { Button } from '@/components/ui/button'

export default function ModelNotFound() {
  return (
    <EmptyNew
      icon={BoxesIcon}
      title="No server has this model"
      action={
        <Button asChild variant="outline">
          <Link href="/console/models">All models</Link>
        </Button>
      }
    >
      It may have been deleted, or this address may be wrong.
    </EmptyNew>
  )
}
