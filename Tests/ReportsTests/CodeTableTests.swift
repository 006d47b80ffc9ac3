import DICOMCore
import Foundation
import TestSupport
import Testing

/// The codes that are written into the program itself, found in its sources so that none can be forgotten.
struct CodeTableTests {
  private static func literals(in folder: String) throws -> [CodedConcept] {
    let pattern = /CodedConcept\(\s*"([^"]*)",\s*"([^"]*)",\s*"([^"]*)"\)/
    return try TemporaryFolder.contents(of: PackageRoot.path(folder)).filter { $0.key.hasSuffix(".swift") }.flatMap {
      String(decoding: $0.value, as: UTF8.self).matches(of: pattern).map {
        CodedConcept(String($0.1), String($0.2), String($0.3))
      }
    }
  }

  @Test func `no code of the program is malformed, retired or a known trap`() throws {
    let codes = try Self.literals(in: "Sources")
    #expect(codes.count > 50)
    for code in codes { #expect(code.problem == nil, "\(code): \(code.problem.map { "\($0)" } ?? "")") }
  }

  @Test func `private codes fit their attributes, and none has two meanings`() throws {
    let text = String(
      decoding: try Data(contentsOf: URL(filePath: PackageRoot.path("Sources/Reports/PrivateCodes.swift"))),
      as: UTF8.self)
    let codes = text.matches(of: /code\("([^"]*)", "([^"]*)"\)/).map {
      CodedConcept(String($0.1), "99BUCKY", String($0.2))
    }
    #expect(codes.count > 25)
    for code in codes { #expect(code.problem == nil, "\(code)") }
    #expect(Set(codes.map(\.value)).count == codes.count && Set(codes.map(\.meaning)).count == codes.count)
  }

  @Test func `a code of the standard has one meaning throughout`() throws {
    let meanings = Dictionary(grouping: try Self.literals(in: "Sources/Reports")) { "\($0.scheme) \($0.value)" }
    for (code, uses) in meanings { #expect(Set(uses.map(\.meaning)).count == 1, "\(code)") }
  }
}
