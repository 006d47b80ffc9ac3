internal import Foundation

/// Finds the data that ships with the product: `Windowing/`, `Pipelines/` and `SampleStudies/`.
package struct ShippedData: Sendable, Equatable {
  /// The environment variable that names the directory, before anything else is tried.
  package static let variable = "BUCKY_HOME"

  /// The directory that holds the others.
  package let root: String

  package var windowing: String { root + "/Windowing" }
  package var pipelines: String { root + "/Pipelines" }
  package var sampleStudies: String { root + "/SampleStudies" }
  /// Where devices write text into their images.
  package var burnedInRegions: String { pipelines + "/burned-in-regions.yaml" }
  /// A small SigLIP that knows phantoms only.
  package var demoEncoder: String { sampleStudies + "/demo-encoder" }
  /// What `triage` runs with the demo encoder, unless told otherwise.
  package var demoPipeline: String { pipelines + "/phantom-demo.yaml" }
  /// What `triage` runs with any other checkpoint, unless told otherwise.
  package var defaultPipeline: String { pipelines + "/nightly-triage.yaml" }

  /// Looks in `BUCKY_HOME` if it is set, else beside each parent directory of the executable, itself and its
  /// `share/bucky`.
  ///
  /// So `.build/release/bucky` finds the package it was built from and `/usr/local/bin/bucky` finds
  /// `/usr/local/share/bucky`.
  ///
  /// - Parameters:
  ///   - environment: The process environment.
  ///   - executable: The running program, or a link to it.
  /// - Throws: The places that were looked at, none of which holds `Windowing/` and `Pipelines/`.
  package init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: String = ShippedData.runningExecutable
  ) throws(DefinitionError) {
    if let home = environment[Self.variable], !home.isEmpty {
      let root = URL(filePath: home).standardizedFileURL.path
      if let missing = Self.missingDirectory(in: root) {
        throw .homeWithoutData(variable: Self.variable, missing: missing)
      }
      self.root = root
      return
    }
    var directory = URL(filePath: executable).resolvingSymlinksInPath()
    var looked: [String] = []
    while directory.path != "/" {
      directory.deleteLastPathComponent()
      for candidate in [directory.path, directory.appending(path: "share/bucky").path] {
        if Self.missingDirectory(in: candidate) == nil {
          self.root = candidate
          return
        }
        looked.append(candidate)
      }
    }
    throw .shippedDataNotFound(looked: looked)
  }

  /// What `deidentify` applies unless told otherwise.
  package var defaultPolicy: String { pipelines + "/research-export.yaml" }

  private static func missingDirectory(in root: String) -> String? {
    ["Windowing", "Pipelines"].map { "\(root)/\($0)" }.first { path in
      let resolved = URL(filePath: path).resolvingSymlinksInPath().path
      let attributes = try? FileManager.default.attributesOfItem(atPath: resolved)
      return attributes?[.type] as? FileAttributeType != .typeDirectory
    }
  }

  /// The real path of the running program.
  package static var runningExecutable: String {
    let link = "/proc/self/exe"
    return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? CommandLine.arguments.first ?? "/"
  }
}
