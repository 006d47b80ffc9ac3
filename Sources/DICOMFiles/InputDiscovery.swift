/// What a command was told to read.
package struct InputPaths: Sendable, Equatable, ExpressibleByArrayLiteral {
  /// Files and folders, as they were named.
  package let arguments: [String]
  /// Whether links below a folder are followed, out of it too.
  package let followsLinks: Bool

  package init(_ arguments: [String], followsLinks: Bool = false) {
    self.arguments = arguments
    self.followsLinks = followsLinks
  }

  package init(arrayLiteral arguments: String...) {
    self.init(arguments)
  }
}

/// A file found below an input argument.
package struct InputFile: Sendable, Hashable {
  /// The path to open: absolute and without links, wherever the file was found.
  package let path: String
  /// The path for logs: relative to an input directory, or the argument itself when that is a file.
  package let source: String

  package init(path: String, source: String) {
    self.path = path
    self.source = source
  }
}

/// The files below the input arguments, whatever their names, in a stable order.
///
/// Every entry of every folder becomes a file, a refusal, or a folder that is walked; no two have the same source.
package struct InputDiscovery: Sendable, Equatable {
  /// Regular files, sorted bytewise by source. Each file once, even where arguments overlap or links lead to it.
  package let files: [InputFile]
  /// What cannot be read as a file or directory, sorted bytewise by source.
  package let refusals: [InputRefusal]

  /// Walks files and directories.
  ///
  /// An argument may be a symbolic link: the user named it. Below a directory, links are followed only where `inputs`
  /// says so; each one that is not, is a refusal. With several arguments, `source` starts with the argument.
  ///
  /// - Parameters:
  ///   - inputs: Paths of files and directories. One that does not exist becomes a refusal.
  ///   - excluding: Directories that are passed over silently, such as the output of the run.
  /// - Returns: Every file or a refusal in its place.
  package static func discover(_ inputs: InputPaths, excluding: [String] = []) -> InputDiscovery {
    var walk = DiscoveryWalk(followsLinks: inputs.followsLinks, excluding: excluding)
    for argument in inputs.arguments { walk.visit(argument: argument, isOnly: inputs.arguments.count == 1) }
    walk.settleLinks()
    return InputDiscovery(
      files: walk.files.sorted { precedes($0.source, $1.source) },
      refusals: walk.refusals.sorted { precedes($0.source, $1.source) })
  }

  /// What was found under some of the sources alone; `nil` for all.
  package func limited(to sources: Set<String>?) -> InputDiscovery {
    guard let sources else { return self }
    return InputDiscovery(
      files: files.filter { sources.contains($0.source) }, refusals: refusals.filter { sources.contains($0.source) })
  }
}

/// Bytewise order of UTF-8, the same in every locale.
func precedes(_ lhs: String, _ rhs: String) -> Bool { lhs.utf8.lexicographicallyPrecedes(rhs.utf8) }
