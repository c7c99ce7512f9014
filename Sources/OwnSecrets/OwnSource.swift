/// A place where the user keeps secrets, which is read only where they said so.
package enum OwnSource: String, CaseIterable, Sendable {
  /// Files of environment variables in the repository's work tree that git does not track.
  case env
  /// The credentials file of the AWS command line.
  case aws
  /// gcloud's application default credentials.
  case gcloud
}
