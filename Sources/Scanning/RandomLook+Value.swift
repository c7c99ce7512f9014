package import Model

/// How sure it is that a value was made by a machine, by nothing but how random it looks; `nil`
/// for words, names, paths, references and numbers.
package func randomLook(of value: [UInt8]) -> Confidence? { RandomLook.confidence(of: value) }
