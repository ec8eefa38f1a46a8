using System.Security.Cryptography;
using System.Text;
using OrleansCache.Http;

namespace OrleansCache.Tests.Http;

public sealed class PageFilesTests
{
    private const int MostBytes = 120 * 1024;

    private static readonly PageFiles Files = PageFiles.Read();

    [Fact]
    public void What_others_have_written_is_as_they_published_it()
    {
        var lines = Text("vendor/SHA256SUMS.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(6, lines.Length);
        foreach (var sum in lines.Select(line => line.Split("  ")))
            Assert.Equal(sum[0], Convert.ToHexStringLower(SHA256.HashData(Files.Find($"vendor/{sum[1]}")!.Content.Span)));
    }

    [Fact]
    public void The_page_stays_small() =>
        Assert.InRange(
            Files.All.Where(file => !file.Name.Contains("uPlot") && !file.Name.EndsWith(".txt")).Sum(file => file.Content.Length),
            1,
            MostBytes);

    [Fact]
    public void The_page_names_files_that_exist_under_its_version()
    {
        var page = Encoding.UTF8.GetString(Files.First.Content.Span);
        var folder = $"/page/{Files.Version}/";
        var named = page.Split('"').Where(part => part.StartsWith(folder)).Select(part => part[folder.Length..]).ToArray();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.NotNull(Files.Find(name)));
        Assert.DoesNotContain("{version}", page);
    }

    [Fact]
    public void The_page_has_no_script_style_or_address_that_its_policy_forbids()
    {
        foreach (var file in Files.All.Where(file => !file.Name.StartsWith("vendor/")))
        {
            var text = Encoding.UTF8.GetString(file.Content.Span).Replace("http://www.w3.org/2000/svg", "");
            Assert.DoesNotContain("http://", text);
            Assert.DoesNotContain("https://", text);
            Assert.DoesNotContain(" style=\"", text);
            Assert.DoesNotContain("innerHTML", text);
        }
    }

    private static string Text(string name) => Encoding.UTF8.GetString(Files.Find(name)!.Content.Span);
}
