/// What somebody may have meant who wrote a name that nothing has.
package enum Spelling {
  /// Longer names are not compared: nobody mistypes them, and each costs time for its length.
  private static let lengthLimit = 64

  /// The one of `names` that differs least from `name`, the first if several do.
  ///
  /// It differs in two characters at most, and in fewer than half of its own, so that nothing is
  /// taken for a short name just because it is short too.
  package static func nearest(to name: String, among names: some Sequence<String>) -> String? {
    guard name.utf8.count <= lengthLimit else { return nil }
    var nearest: (name: String, distance: Int)?
    for candidate in names {
      let limit = min(2, (candidate.count - 1) / 2, (nearest?.distance ?? 3) - 1)
      if abs(candidate.count - name.count) > limit { continue }
      let distance = distance(candidate, name)
      if distance <= limit { nearest = (candidate, distance) }
    }
    return nearest?.name
  }

  /// How many characters must be put in, taken out or changed to make `b` of `a`.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(row[j] + 1, above + 1, diagonal + (x == y ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
