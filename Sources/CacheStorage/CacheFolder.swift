internal import DICOMCore
internal import Glibc
internal import Synchronization

/// A folder of the user's own for what can be computed again.
///
/// Everything in it may be sensitive, since embeddings come from images of patients: folders are 0700, files 0600, and a
/// folder that others may write to is not used, because what lies in it becomes part of results. Losing the folder costs
/// time only.
///
/// Any number of processes may use one folder. A file appears in it whole or not at all, and what is read is checked.
package final class CacheFolder: Sendable {
  /// Absolute, or as it was given.
  package let path: String
  private let firstFailure = Mutex<CacheError?>(nil)

  /// Opens the folder, and makes it where there is none.
  ///
  /// - Throws: ``CacheError`` for a folder that cannot be made or is not private to this user.
  package init(at path: String) throws(CacheError) {
    self.path = path
    try CacheFiles.makeFolder(path)
    try CacheFiles.checkIsPrivate(path)
  }

  /// `BUCKY_CACHE`, else `bucky` in `XDG_CACHE_HOME`, else `~/.cache/bucky`; `nil` where the environment names none.
  ///
  /// As the XDG Base Directory Specification asks, a path that is not absolute is passed over.
  package static func standardPath(_ environment: [String: String]) -> String? {
    func absolute(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    return absolute("BUCKY_CACHE") ?? absolute("XDG_CACHE_HOME").map { $0 + "/bucky" }
      ?? absolute("HOME").map { $0 + "/.cache/bucky" }
  }

  /// What went wrong with writing first; from then on nothing is written, and the cache is read only.
  package var failure: CacheError? { firstFailure.withLock { $0 } }

  /// Calls `body`, unless writing has failed before; remembers when it fails.
  package func writing(_ body: () throws(CacheError) -> Void) {
    guard failure == nil else { return }
    do {
      try body()
    } catch {
      firstFailure.withLock { $0 = $0 ?? error }
    }
  }

  /// The path of the folder `name` below this one, which is made where there is none.
  package func folder(_ name: String) throws(CacheError) -> String {
    let path = path + "/" + name
    try CacheFiles.makeFolder(path)
    return path
  }
}

/// Why a cache cannot be used, or not be written to. Paths and numbers only.
package enum CacheError: Error, Sendable, Equatable {
  case notCreatable(path: String, errorNumber: Int32)
  case notWritable(path: String, errorNumber: Int32)
  /// Owned by another user, or others may write to it.
  case notPrivate(path: String)
  /// Another process has held its lock for too long.
  case inUse(path: String)
}

extension CacheError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notCreatable(let path, let number): "\(path) cannot be made: \(Self.text(number))"
    case .notWritable(let path, let number): "\(path) cannot be written: \(Self.text(number))"
    case .notPrivate(let path):
      "\(path) belongs to another user, or others may write to it; results must not depend on them"
    case .inUse(let path): "another run holds \(path)"
    }
  }

  private static func text(_ number: Int32) -> String {
    unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
  }
}
