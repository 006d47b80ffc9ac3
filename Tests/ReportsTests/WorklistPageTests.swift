import DICOMCore
import Foundation
import Reports
import Testing

struct WorklistPageTests {
  private func count(_ text: String, in page: String) -> Int { page.components(separatedBy: text).count - 1 }

  /// The page without its style and script.
  private func content(_ page: String) -> String {
    page.replacing(/<style>[\s\S]*?<\/style>/, with: "").replacing(
      /<script>\n?"use strict";[\s\S]*?<\/script>/, with: "")
  }

  @Test func `every study stands at its rank with status, priority and why`() throws {
    let page = try PageSamples.page()
    let bodies = page.components(separatedBy: "<tbody class=\"study\"").dropFirst()
    #expect(bodies.count == PageSamples.reports.count)
    for (row, body) in zip(PageSamples.worklist.studies, bodies) {
      #expect(body.contains("id=\"study-\(row.rank)\""))
      #expect(body.contains("data-priority=\"\(row.priority.rawValue)\""))
      #expect(body.contains(row.studyInstanceUID.value))
    }
    #expect(page.contains("<p class=\"because\">Pneumothorax flagged</p>"))
    #expect(page.contains("<strong>Not assessed.</strong> No image could be decoded."))
    #expect(page.contains("Not scored: unsupported-modality."))
    #expect(page.contains("apical pneumothorax") && page.contains("no acute cardiopulmonary process"))
  }

  @Test func `no text of a file or a label set becomes markup`() throws {
    let page = try PageSamples.page()
    #expect(count("<script", in: page) == 1)
    #expect(count("</script", in: page) == 1)
    #expect(!page.contains("<img src=x"))
    #expect(count("<noscript>", in: page) == PageSamples.reports.count)
    #expect(count("</noscript>", in: page) == PageSamples.reports.count)
    #expect(page.contains("&lt;script&gt;window.intruder"))
    let bad = page.unicodeScalars.filter { scalar in
      scalar.value < 0x20 && scalar != "\n" || (0x202A...0x202E).contains(scalar.value)
    }
    #expect(bad.isEmpty)
  }

  @Test func `the policy names this style and this script, and nothing else may be loaded`() throws {
    let page = try PageSamples.page()
    let policy = try #require(page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).output.1
      .replacing("&#39;", with: "'")
    #expect(policy.hasPrefix("default-src 'none'; "))
    for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
      let start = try #require(page.range(of: "<\(element)>")).upperBound
      let end = try #require(page.range(of: "</\(element)>", range: start..<page.endIndex)).lowerBound
      let digest = ContentDigest(ofText: String(page[start..<end])).description.dropFirst(7)
      let bytes = stride(from: 0, to: 64, by: 2).map { place in
        UInt8(digest.dropFirst(place).prefix(2), radix: 16) ?? 0
      }
      #expect(policy.contains("\(directive) 'sha256-\(Data(bytes).base64EncodedString())'"))
    }
    #expect(!policy.contains("unsafe") && !policy.contains("http"))
    #expect(!page.contains("http://") && !page.contains("https://"))
    #expect(count(" style=", in: page) == 0 && page.firstMatch(of: /<[^>&]* on[a-z]+=/) == nil)
  }

  @Test func `the page claims nothing, and says what it is on the page and in print`() throws {
    let page = content(try PageSamples.page())
    #expect(page.firstMatch(of: /\b[Nn]ormal\b/) == nil)
    #expect(page.firstMatch(of: /[Pp]robabilit/) == nil)
    #expect(page.contains("<footer><span class=\"long\">\(Disclaimer.text)"))
    #expect(page.firstMatch(of: /<tr class="printed"[^>]*><th[^>]*>Research use only\. Not for diagnosis\./) != nil)
  }

  @Test func `the research page holds no identifier, date, digest or link`() throws {
    let page = content(try PageSamples.page(.research(pseudonym: nil)))
    for report in PageSamples.reports {
      #expect(!page.contains(report.subject.studyInstanceUID.value))
      for input in report.inputs { #expect(!page.contains(input.sopInstanceUID.value)) }
    }
    for text in ["ACC", "PH-0001", "Phantom^", "2024-", "sha256:", "studies/", "data:image", "2.25.", "Chest PA"] {
      #expect(!page.contains(text), "\(text)")
    }
    #expect(page.contains("the study is not de-identified"))
    #expect(count("<tbody class=\"study\"", in: page) == PageSamples.reports.count)
    let named = try PageSamples.page(.research { "P-\($0.utf8.count)" })
    #expect(named.contains("class=\"id\">P-"))
    #expect(count("waiting limit", in: page) == 2)
  }

  @Test func `pictures of de-identified studies are on the research page`() throws {
    let page = try PageSamples.page(.research(pseudonym: nil)) { row in
      var report = try PageSamples.study(row).report
      report.subject.deidentified = true
      return PageStudy(report: report, pictures: try PageSamples.study(row).pictures)
    }
    #expect(page.contains("data:image/png;base64,iVBOR"))
    #expect(!page.contains("studies/"))
  }

  @Test func `pictures are in the page while there is room, then beside it`() throws {
    let pictures = try PageSamples.worklist.studies.reduce(0) { $0 + (try PageSamples.study($1).pictures.count) }
    #expect(pictures > 3)
    #expect(count("data:image/png", in: try PageSamples.page()) == pictures)
    let page = try PageSamples.page(budget: 2 * PageSamples.png.count + 1)
    #expect(count("data:image/png", in: page) == 2)
    #expect(count("<img src=\"studies/", in: page) == pictures - 2)
    let none = try PageSamples.page { PageStudy(report: try PageSamples.study($0).report) }
    #expect(count("No picture was kept.", in: none) == pictures)
  }

  @Test func `an image that is marked as having text burned in is not shown`() throws {
    let page = try PageSamples.page { row in
      var study = try PageSamples.study(row)
      var report = study.report
      report.warnings = report.inputs.map {
        .init("burned-in-annotation", text: "marked", sopInstanceUID: $0.sopInstanceUID)
      }
      study = PageStudy(report: report, pictures: study.pictures)
      return study
    }
    #expect(!page.contains("<img") && page.contains("text burned in"))
  }

  @Test func `a heatmap fills its grid and stands beside its caveat`() throws {
    let page = try PageSamples.page()
    #expect(count("<canvas", in: page) == 1 && count(HeatmapPicture.caveat, in: page) == 1)
    #expect(page.contains("data-values=\"AFWq/w==\""))
  }

  @Test func `the time to read by has a column where there is one, and due studies are marked`() throws {
    let page = try PageSamples.page()
    #expect(page.contains("data-sort=\"text\">Read by</th>"))
    #expect(count("class=\"due\"", in: page) == 1)
    var report = ReportSamples.completeFlagged.report
    report.priority.readBy = nil
    let plain = try PageSamples.page(worklist: Worklist(ranked: [(report, nil)])) { _ in PageStudy(report: report) }
    #expect(!plain.contains("Read by") && plain.contains("no date"))
  }

  @Test func `the same studies give the same bytes, one piece a study`() throws {
    #expect(try PageSamples.page() == PageSamples.page())
    var pieces: [Int] = []
    try WorklistPage(PageSamples.worklist).write(study: PageSamples.study) { pieces.append($0.count) }
    #expect(pieces.count == PageSamples.reports.count + 2)
  }

  @Test func `a worklist without studies is a page all the same`() throws {
    let page = try PageSamples.page(worklist: Worklist(ranked: []))
    #expect(page.hasPrefix("<!doctype html>") && page.contains("0 studies") && page.contains(Disclaimer.text))
  }
}
