internal import CGit2
package import Files

/// Something about a repository that cannot be read.
package struct GitError: Error, Equatable, Sendable {
  package let kind: Kind
  /// What was being done, as a verb phrase: `read object 1f2e…`.
  ///
  /// It may hold bytes of a scanned name and must be made safe before it is shown.
  package let action: String
  /// Why it failed, in libgit2's words or keyscan's own.
  package let detail: String

  package enum Kind: Equatable, Sendable {
    /// An object, reference or file that is not there.
    case missing
    /// Bytes that are not what they should be.
    case damaged
    /// A repository of a form that cannot be read.
    case unsupported
    /// The system or a library refused.
    case refused
  }

  package init(_ kind: Kind, _ action: String, _ detail: String) {
    self.kind = kind
    self.action = action
    self.detail = detail
  }
}

extension GitError {
  /// What the failure of a file operation means for the repository that it was for.
  package init(_ error: FileError, while action: String) {
    self.init(error.isMissing ? .missing : .refused, action, error.reason)
  }
}

extension GitError: CustomStringConvertible {
  package var description: String { "cannot \(action): \(detail)" }
}

/// Runs one libgit2 call and throws if it reports failure.
///
/// libgit2 keeps the last message per thread. It is copied here, in the same synchronous
/// call, because after an `await` the thread may be another one.
@discardableResult
func check(
  _ action: @autoclosure () -> String, _ call: () -> Int32
) throws(GitError) -> Int32 {
  let status = call()
  guard status < 0 else { return status }
  let raw = unsafe git_error_last()
  let message = unsafe raw?.pointee.message.map { unsafe String(cString: $0) }
  let area = unsafe raw?.pointee.klass ?? 0
  throw GitError(GitError.Kind(status, area: area), action(), message ?? "no detail")
}

extension GitError.Kind {
  /// `area` is the part of libgit2 that reported `status`.
  fileprivate init(_ status: Int32, area: Int32) {
    if status == GIT_ENOTFOUND.rawValue {
      self = .missing
    } else if [GIT_ERROR_ZLIB, GIT_ERROR_ODB, GIT_ERROR_OBJECT, GIT_ERROR_INDEXER, GIT_ERROR_TREE]
      .contains(where: { Int32(bitPattern: $0.rawValue) == area })
    {
      self = .damaged
    } else {
      self = .refused
    }
  }
}

/// Runs file operations whose failure is one of the repository that they are for.
package func files<Result: ~Copyable>(
  for action: @autoclosure () -> String, _ body: () throws(FileError) -> Result
) throws(GitError) -> Result {
  do throws(FileError) {
    return try body()
  } catch {
    throw GitError(error, while: action())
  }
}
