using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Api;

/// <summary>The examples of docs/http.md, one after the other, as a reader would run them.</summary>
public sealed partial class DocumentationTests : IAsyncLifetime
{
    // Not shared: the document begins with an empty catalog.
    private readonly ClusterFixture _cluster = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Every_example_answers_what_the_document_says()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "http.md"));
        var examples = Blocks().Matches(text).SelectMany(block => Examples().Matches(block.Groups[1].Value)).ToArray();
        Assert.True(examples.Length > 10, $"{examples.Length} examples");

        foreach (var example in examples)
        {
            var (command, expected) = (example.Groups[1].Value, example.Groups[2].Value.TrimEnd('\n'));

            var answer = await RunAsync(command);

            Assert.True(Matches(expected, answer), $"{command}\nanswers\n{answer}\nand not\n{expected}");
        }
    }

    [Theory]
    [InlineData("one\n...\nfour", "one\ntwo\nthree\nfour", true)]
    [InlineData("one\n...\nfour", "one\nfour", true)]
    [InlineData("one\nfour", "one\ntwo\nfour", false)]
    [InlineData("o...e", "ore", true)]
    [InlineData("o...e", "o\ne", false)]
    [InlineData("a.c", "abc", false)]
    public void Dots_stand_for_what_differs(string expected, string answer, bool matches) =>
        Assert.Equal(matches, Matches(expected, answer));

    private static bool Matches(string expected, string answer)
    {
        var lines = expected.Split('\n').Select(line => line is "..."
            ? "(?:[^\n]*\n)*?"
            : Regex.Escape(line).Replace(@"\.\.\.", "[^\n]*", StringComparison.Ordinal) + "\n");
        return Regex.IsMatch(answer + "\n", $"\\A{string.Concat(lines)}\\z", RegexOptions.None, TimeSpan.FromSeconds(10));
    }

    private async Task<string> RunAsync(string command)
    {
        var port = _cluster.Server.Address.Port.ToString(CultureInfo.InvariantCulture);
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command.Replace("8080", port, StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = shell.StandardOutput.ReadToEndAsync();
        var errors = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return ((await output) + errors).ReplaceLineEndings("\n").TrimEnd('\n');
    }

    [GeneratedRegex("^```console\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\$ (.*)\n((?:(?!\$ ).*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Examples();
}
