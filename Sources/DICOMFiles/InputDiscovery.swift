/// A file found below an input argument.
package struct InputFile: Sendable, Hashable {
  /// The path to open.
  package let path: String
  /// The path for logs: relative to an input directory, or the argument itself when that is a file.
  package let source: String

  package init(path: String, source: String) {
    self.path = path
    self.source = source
  }
}

/// The files below the input arguments, whatever their names, in a stable order.
package struct InputDiscovery: Sendable, Equatable {
  /// Regular files, sorted bytewise by source. Each file once, even where arguments overlap.
  package private(set) var files: [InputFile] = []
  /// What cannot be read as a file or directory, sorted bytewise by source.
  package private(set) var refusals: [InputRefusal] = []

  private var seen: Set<String> = []
  private let excluded: Set<String>

  /// Walks files and directories.
  ///
  /// An argument may be a symbolic link; below a directory, links are not followed, so that nothing outside the input
  /// is read and nothing is read twice. With several arguments, `source` starts with the argument.
  ///
  /// - Parameters:
  ///   - inputs: Paths of files and directories. One that does not exist becomes a refusal.
  ///   - excluding: Directories that are passed over silently, such as the output of the run.
  /// - Returns: Every file or a refusal in its place.
  package static func discover(_ inputs: [String], excluding: [String] = []) -> InputDiscovery {
    var discovery = InputDiscovery(excluded: Set(excluding.compactMap(FileBytes.resolved)))
    for input in inputs { discovery.visit(argument: input, isOnly: inputs.count == 1) }
    discovery.files.sort { precedes($0.source, $1.source) }
    discovery.refusals.sort { precedes($0.source, $1.source) }
    return discovery
  }

  private init(excluded: Set<String>) {
    self.excluded = excluded
  }

  private mutating func visit(argument: String, isOnly: Bool) {
    do throws(DICOMFileError) {
      let status = try FileStatus(of: argument, followingLinks: true)
      guard let root = FileBytes.resolved(argument) else { throw .unreadable(errno: 2) }
      switch status.kind {
      case .directory: walk(root, prefix: isOnly ? "" : argument + (argument.hasSuffix("/") ? "" : "/"))
      case .regular: add(path: root, source: argument)
      default: throw .notARegularFile
      }
    } catch {
      refusals.append(InputRefusal(source: argument, error: error))
    }
  }

  /// Depth first without recursion: a tree may be deeper than the stack.
  private mutating func walk(_ root: String, prefix: String) {
    var pending = [(path: root, source: prefix)]
    while let directory = pending.popLast() {
      if excluded.contains(directory.path) { continue }
      do throws(DICOMFileError) {
        for name in try DirectoryListing.names(in: directory.path) {
          guard let name else {
            refusals.append(InputRefusal(source: directory.source + "?", error: .undecodableName))
            continue
          }
          let path = directory.path + (directory.path.hasSuffix("/") ? "" : "/") + name
          if let below = visit(path: path, source: directory.source + name, root: root) { pending.append(below) }
        }
      } catch {
        let source = directory.source.isEmpty ? "." : directory.source
        refusals.append(InputRefusal(source: source, error: error))
      }
    }
  }

  /// Returns a directory to be walked.
  private mutating func visit(path: String, source: String, root: String) -> (path: String, source: String)? {
    do throws(DICOMFileError) {
      switch try FileStatus(of: path, followingLinks: false).kind {
      case .directory: return (path, source + "/")
      case .regular: add(path: path, source: source)
      case .symbolicLink: refusals.append(try refusal(ofLink: path, source: source, root: root))
      case .other: throw .notARegularFile
      }
    } catch {
      refusals.append(InputRefusal(source: source, error: error))
    }
    return nil
  }

  private func refusal(ofLink path: String, source: String, root: String) throws(DICOMFileError) -> InputRefusal {
    _ = try FileStatus(of: path, followingLinks: true)
    let target = FileBytes.resolved(path) ?? ""
    let isInside = target == root || target.hasPrefix(root.hasSuffix("/") ? root : root + "/")
    return InputRefusal(
      source: source, reason: .symbolicLink,
      detail: isInside ? "a link to something that is read at its own place" : "a link that leads out of the input")
  }

  private mutating func add(path: String, source: String) {
    if seen.insert(path).inserted { files.append(InputFile(path: path, source: source)) }
  }

  package static func == (lhs: InputDiscovery, rhs: InputDiscovery) -> Bool {
    lhs.files == rhs.files && lhs.refusals == rhs.refusals
  }
}

/// Bytewise order of UTF-8, the same in every locale.
func precedes(_ lhs: String, _ rhs: String) -> Bool { lhs.utf8.lexicographicallyPrecedes(rhs.utf8) }
