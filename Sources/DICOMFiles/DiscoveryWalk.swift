/// The walk through the inputs.
///
/// Folders and files first, links afterwards: only then is it known what is read at its own place.
struct DiscoveryWalk {
  private(set) var files: [InputFile] = []
  private(set) var refusals: [InputRefusal] = []

  private let followsLinks: Bool
  /// Without links.
  private let excluded: [String]
  /// The folders among the arguments, without links.
  private var roots: [String] = []
  /// Links whose outcome is open; paths whose folder is without links.
  private var links: [(path: String, source: String)] = []

  /// Paths of entries that have their outcome: arguments may overlap.
  private var settled: Set<String> = []
  private var sources: Set<String> = []
  private var walked: [FileIdentity: String] = [:]
  private var read: Set<FileIdentity> = []

  init(followsLinks: Bool, excluding: [String]) {
    self.followsLinks = followsLinks
    excluded = excluding.compactMap { try? FileBytes.resolved($0) }
  }

  // MARK: Arguments and folders

  mutating func visit(argument: String, isOnly: Bool) {
    do throws(DICOMFileError) {
      let path = try FileBytes.resolved(argument)
      let status = try Self.status(of: path)
      switch status.kind {
      case .directory:
        roots.append(path)
        walk(path, prefix: isOnly ? "" : argument + (argument.hasSuffix("/") ? "" : "/"))
      case .regular: add(path, status, source: argument)
      default: throw .notARegularFile
      }
    } catch {
      refuse(InputRefusal(source: argument, error: error), path: argument)
    }
  }

  /// Depth first without recursion: a tree may be deeper than the stack.
  ///
  /// - Parameter link: Through which `root` was reached.
  private mutating func walk(_ root: String, prefix: String, link: String? = nil) {
    var pending = [(path: root, source: prefix)]
    while let folder = pending.popLast() {
      if excluded.contains(folder.path) { continue }
      do throws(DICOMFileError) {
        let handle = try LinkFreeFolder(path: folder.path)
        guard isNew(folder.path, try handle.status.identity, source: folder.source) else { continue }
        for name in try handle.entries() {
          if let below = visit(name, in: handle, at: folder) { pending.append(below) }
        }
      } catch {
        let source = folder.source.isEmpty ? "." : folder.source
        let entry = folder.source == prefix ? link ?? root : folder.path
        refuse(InputRefusal(source: source, error: error), path: entry)
      }
    }
  }

  /// Whether a folder is walked for the first time; one that is mounted a second time is refused.
  private mutating func isNew(_ path: String, _ identity: FileIdentity, source: String) -> Bool {
    guard let earlier = walked[identity] else {
      walked[identity] = path
      return true
    }
    if earlier != path {
      let refusal = InputRefusal(
        source: source, reason: .duplicateFolder, detail: "a folder that is read at another place already")
      refuse(refusal, path: path)
    }
    return false
  }

  /// Returns a directory to be walked.
  private mutating func visit(
    _ name: EntryName, in handle: borrowing LinkFreeFolder, at folder: (path: String, source: String)
  ) -> (path: String, source: String)? {
    let path = folder.path + (folder.path.hasSuffix("/") ? "" : "/") + name.shown
    let source = folder.source + name.shown
    do throws(DICOMFileError) {
      guard let text = name.text else { throw .undecodableName }
      let status = try handle.status(of: text)
      switch status.kind {
      case .directory: return (path, source + "/")
      case .regular: add(path, status, source: source)
      case .symbolicLink: links.append((path, source))
      case .other: throw .notARegularFile
      }
    } catch {
      // No path holds a zero byte: a name that only looks like this one is another entry.
      refuse(InputRefusal(source: source, error: error), path: name.text == nil ? path + "\0" : path)
    }
    return nil
  }

  // MARK: Links

  /// Gives every link its outcome, those that are found on the way too.
  mutating func settleLinks() {
    while !links.isEmpty {
      // In the order of their names, so that of two links to one file the same one is used every time.
      let found = links.sorted { precedes($0.source, $1.source) }
      links = []
      for link in found {
        if followsLinks { follow(link.path, source: link.source) } else { passOver(link.path, source: link.source) }
      }
    }
  }

  private mutating func passOver(_ link: String, source: String) {
    let detail: String
    do throws(DICOMFileError) {
      let target = try FileBytes.resolved(link)
      detail =
        roots.contains { Self.isPath(target, within: $0) }
        ? "a link to something that is read at its own place"
        : "a link that leads out of the input; --follow-links reads what it leads to"
    } catch {
      detail = "a link that leads nowhere: \(error)"
    }
    refuse(InputRefusal(source: source, reason: .symbolicLink, detail: detail), path: link)
  }

  private mutating func follow(_ link: String, source: String) {
    do throws(DICOMFileError) {
      let target = try FileBytes.resolved(link)
      let status = try Self.status(of: target)
      switch status.kind {
      case _ where excluded.contains { Self.isPath(target, within: $0) }:
        refuseLink(link, source: source, "a link to the output of this run")
      case .directory where walked[status.identity] != nil:
        refuseLink(link, source: source, "a link to a folder that is read at its own place")
      case .directory: walk(target, prefix: source + "/", link: link)
      case .regular where read.contains(status.identity):
        refuseLink(link, source: source, "a link to a file that is read at its own place")
      case .regular: add(target, status, source: source)
      default: throw .notARegularFile
      }
    } catch {
      refuse(InputRefusal(source: source, error: error), path: link)
    }
  }

  private mutating func refuseLink(_ link: String, source: String, _ detail: String) {
    refuse(InputRefusal(source: source, reason: .symbolicLink, detail: detail), path: link)
  }

  // MARK: Outcomes

  private mutating func add(_ path: String, _ status: FileStatus, source: String) {
    guard settled.insert(path).inserted else { return }
    read.insert(status.identity)
    files.append(InputFile(path: path, source: unique(source)))
  }

  private mutating func refuse(_ refusal: InputRefusal, path: String) {
    guard settled.insert(path).inserted else { return }
    refusals.append(
      InputRefusal(source: unique(refusal.source), reason: refusal.reason, detail: refusal.detail))
  }

  /// Later stages know an entry by its source: a name that is shown as another one is numbered.
  private mutating func unique(_ source: String) -> String {
    var (candidate, number) = (source, 1)
    while !sources.insert(candidate).inserted {
      number += 1
      candidate = "\(source) (\(number))"
    }
    return candidate
  }

  private static func status(of path: String) throws(DICOMFileError) -> FileStatus {
    let parts = PathParts(path)
    return try LinkFreeFolder(path: parts.folder).status(of: parts.name)
  }

  private static func isPath(_ path: String, within folder: String) -> Bool {
    path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
  }
}
