import { PageSkeleton } from '@/components/states/skeletons'

export default PageSkeleton
