export default function NotFound() {
  return (
    <main>
      <h1>Nothing is here</h1>
      <p>
        The gateway answers under <code>/api</code> and <code>/v1</code>.
      </p>
    </main>
  )
}
