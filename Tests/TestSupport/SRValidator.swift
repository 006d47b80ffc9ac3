internal import Foundation

/// A program of somebody else's that says what is wrong with a structured report.
package enum SRValidator: String, Sendable, CaseIterable {
  /// dicom3tools: attributes, conditions and references of the IOD.
  case dciodvfy
  /// DCMTK: the document tree and its relationships.
  case dsrdump
  /// PixelMed's DicomSRValidator: the templates of PS3.16.
  case pixelmed

  /// Debian's libpixelmed-java.
  private static let jar = "/usr/share/java/pixelmed.jar"

  private var command: ExternalCommand? { ExternalCommand(self == .pixelmed ? "java" : rawValue) }

  package var isInstalled: Bool {
    command != nil && (self != .pixelmed || FileManager.default.fileExists(atPath: Self.jar))
  }

  /// Remarks that are right and stay: a private scheme is in no list, Device UID (0018,1002) of a contributor is younger than
  /// the tables, a measurement group may have content beside its template, images may lack what a DICOMDIR wants or have a
  /// name of one component, a picture of text has no side, and DCMTK 3.6.7 checks neither characters in UTF-8 nor the template
  /// of key objects.
  private var allowed: [String] {
    switch self {
    case .dciodvfy:
      [
        "Unrecognized defined term <99", "(0x0018,0x1002) UI Device UID", "this is a Standard Extended SOP Class",
        "needed to build DICOMDIR", "Retired Person Name form", "attribute <Laterality>",
      ]
    case .dsrdump: ["VR checker does not support", "Check for template constraints not yet supported"]
    case .pixelmed: ["\"Score exceeds flag threshold\"): Content Item not in template"]
    }
  }

  private var marks: [String] {
    switch self {
    case .dciodvfy: ["Error", "Warning"]
    case .dsrdump: ["E: ", "W: ", "F: "]
    case .pixelmed: ["Error", "Warning", "Exception"]
    }
  }

  /// The document tree as DCMTK prints it; `nil` without DCMTK.
  package static func dump(_ path: String) -> String? {
    (try? ExternalCommand("dsrdump")?.run([path]))?.output
  }

  /// What it finds wrong, apart from what is allowed; and that it ran at all.
  package func remarks(on path: String) throws -> [String] {
    guard let command else { return ["\(rawValue) is not installed"] }
    // PixelMed's XPath expressions exceed the limits that current Java runtimes set.
    let limits = ["xpathExprGrpLimit", "xpathExprOpLimit", "xpathTotalOpLimit"].map { "-Djdk.xml.\($0)=0" }
    let arguments =
      self == .pixelmed
      ? ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"] + limits
        + ["-cp", Self.jar, "com.pixelmed.validate.DicomSRValidator", path] : [path]
    let result = try command.run(arguments)
    var remarks = result.text.split(whereSeparator: \.isNewline).map(String.init).filter { line in
      marks.contains(where: line.contains) && !allowed.contains(where: line.contains)
    }
    if self == .dsrdump, result.status != 0 { remarks.append("exit status \(result.status)") }
    if self == .pixelmed, !result.text.contains("IOD validation complete") {
      remarks.append("not completed: \(result.text)")
    }
    return remarks
  }
}
