package import Git
package import Model

/// How a secret is written at its places, byte for byte: as it is, in base64, in escapes.
package func rawForms(
  of finding: Finding, in location: RepositoryLocation
) throws(GitError) -> [[UInt8]] {
  guard let secret = finding.secret else { return [] }
  var forms: Set<[UInt8]> = [secret.exposed]
  let objects = try Repository(at: location).objects()
  for place in finding.places {
    guard place.container == nil, let region = place.region,
      let id = (place.kind == .object ? place.commit ?? place.blob : place.blob)
        .flatMap({ ObjectID(hex: $0.utf8) })
    else { continue }
    try objects.object(id).withBytes { bytes in
      let end = region.offset + region.length
      if end <= bytes.count { forms.insert((region.offset..<end).map { bytes[$0] }) }
    }
  }
  return forms.sorted {
    $0.count > $1.count || $0.count == $1.count && $0.lexicographicallyPrecedes($1)
  }
}
