import Foundation
import Reports
import TestSupport
import Testing

/// The page in a browser: what a reader does with it, and what axe-core says of it.
struct PageBrowserTests {
  private static let python =
    ProcessInfo.processInfo.environment["BUCKY_ORACLE_PYTHON"].flatMap { $0.isEmpty ? nil : ExternalCommand(path: $0) }
    ?? ExternalCommand("python3")
  private static let canBrowse = ExternalCommand("chromium") != nil && python != nil
  private static let folder = try? TemporaryFolder()
  private static let oracle = PackageRoot.path("Tests/ReportsTests/Oracle")

  /// axe-core's script, fetched once; `nil` where the package index cannot be reached.
  private static let axe: String? = {
    guard canBrowse, let folder, let python else { return nil }
    let result = try? python.run([oracle + "/fetch_axe.py", folder.path("axe.js")])
    return result?.status == 0 ? folder.path("axe.js") : nil
  }()

  struct Check: Decodable {
    let name: String
    let ok: Bool
    let detail: String
  }

  /// - Parameter shots: Where pictures of what was seen go; `BUCKY_PAGE_PICTURES` asks for them.
  private func checks(_ arguments: [String], page: String) throws -> [Check] {
    let folder = try TemporaryFolder()
    let path = try folder.write(page, to: "worklist.html")
    var arguments = arguments + [path]
    if let pictures = ProcessInfo.processInfo.environment["BUCKY_PAGE_PICTURES"] {
      arguments += ["--pictures", pictures]
    }
    let result = try #require(Self.python).run([Self.oracle + "/check_page.py"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return try JSONDecoder().decode([Check].self, from: Data(result.output.utf8))
  }

  @Test(.enabled(if: canBrowse, "chromium or python3 is not on PATH: not checked that the page works in a browser"))
  func `a reader moves, opens, filters, sorts and prints`() throws {
    let checks = try checks(["use"], page: PageSamples.page())
    #expect(checks.count > 40)
    for check in checks { #expect(check.ok, "\(check.name): \(check.detail)") }
  }

  @Test(
    .enabled(if: canBrowse, "chromium or python3 is not on PATH: not checked that pictures beside the page are shown"))
  func `pictures beside the page are shown too`() throws {
    let folder = try TemporaryFolder()
    for row in PageSamples.worklist.studies {
      for picture in try PageSamples.study(row).pictures { try folder.write(PageSamples.png, to: picture.file) }
    }
    let path = try folder.write(try PageSamples.page(budget: 0), to: "worklist.html")
    let result = try #require(Self.python).run([Self.oracle + "/check_page.py", "files", path])
    for check in try JSONDecoder().decode([Check].self, from: Data(result.output.utf8)) {
      #expect(check.ok, "\(check.name): \(check.detail)")
    }
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test(
    .enabled(if: axe != nil, "axe-core or chromium is not there: not checked against WCAG 2.x A and AA"),
    arguments: [true, false])
  func `axe-core finds no violation of WCAG A and AA`(isResearch: Bool) throws {
    let page = try PageSamples.page(isResearch ? .research(pseudonym: nil) : .clinical)
    let checks = try checks(["axe", try #require(Self.axe)], page: page)
    #expect(checks.count == 6)
    for check in checks { #expect(check.ok, "\(check.name): \(check.detail)") }
  }
}
