using System.Diagnostics;
using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Telemetry;

/// <summary>Metrics as they leave the process, and the page that explains them.</summary>
[Collection(ClusterTests.Name)]
public sealed class MetricsTests(ClusterFixture cluster)
{
    [Fact]
    public async Task The_page_of_metrics_lists_every_instrument_as_it_is_published()
    {
        using var published = new PublishedInstruments();
        await using var server = await cluster.StartServerAsync();
        // The client publishes its metrics when it is first used.
        Assert.True((await server.GetAsync("/v1/books/book::metrics")).StatusCode is System.Net.HttpStatusCode.NotFound);

        var path = Path.Combine(Repository.Root, "docs", "metrics.md");
        if (Environment.GetEnvironmentVariable("ORLEANSCACHE_WRITE_DOCS") == "1")
            await RewriteAsync(path, published);
        var page = await File.ReadAllLinesAsync(path);
        var documented = Table(page)
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (cells[0].Trim('`'), cells[1], cells[2].Trim('`'), cells[4]))
            .Order()
            .ToArray();

        Assert.Equal(published.Rows().Order(), documented);
    }

    [Fact]
    public async Task Lookups_edits_and_the_state_of_the_silo_are_in_the_metrics_and_no_key_is()
    {
        var text = await Scrape.UntilAsync(
            cluster,
            metrics => metrics.Contains("orleanscache_owner_edit_duration_seconds_bucket", StringComparison.Ordinal)
                && metrics.Contains("orleanscache_client_lookup_duration_seconds_bucket", StringComparison.Ordinal));

        Assert.Contains("dotnet_cache_requests", text, StringComparison.Ordinal);
        Assert.Contains("orleanscache_tier=\"catalog\"", text, StringComparison.Ordinal);
        Assert.Contains("orleanscache_node_up", text, StringComparison.Ordinal);
        Assert.Contains("orleanscache_result=\"created\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("counted", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_checker_of_Prometheus_finds_nothing_wrong_with_them()
    {
        if (Promtool.Path is not { } promtool)
        {
            Assert.Fail("There is no promtool on the PATH; install the package prometheus (./test does).");
            return;
        }

        var text = await Scrape.UntilAsync(
            cluster,
            metrics => metrics.Contains("orleanscache_", StringComparison.Ordinal));

        var (code, said) = await Promtool.RunAsync(promtool, text, "check", "metrics");
        // Names that others have chosen are not ours to change.
        var ours = said.Split('\n').Where(line => line.StartsWith("orleanscache_", StringComparison.Ordinal)).ToArray();
        Assert.True(ours.Length == 0 && code is 0 or 3, string.Join('\n', ours) + said);
    }

    /// <summary>The rows of the first table, whose header has a kind.</summary>
    private static IEnumerable<string> Table(string[] page) =>
        page.SkipWhile(line => !line.StartsWith("| instrument", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'));

    /// <summary>Writes the table anew, with the tags that it had.</summary>
    private static async Task RewriteAsync(string path, PublishedInstruments published)
    {
        var page = await File.ReadAllLinesAsync(path);
        var rows = Table(page).ToArray();
        string TagsOf(string name) => rows.FirstOrDefault(line => line.StartsWith($"| `{name}`", StringComparison.Ordinal)) is { } row
            ? row.Split('|')[4].Trim()
            : "";
        var table = published.Rows().Select(
            row => $"| `{row.Name}` | {row.Kind} | `{row.Unit}` | {TagsOf(row.Name)} | {row.Description} |");
        var before = page.TakeWhile(line => line.Length < 4 || line[..4] != "|---").ToArray();
        var after = page.Skip(before.Length + 1).SkipWhile(line => line.StartsWith('|'));
        await File.WriteAllLinesAsync(path, [.. before, "|---|---|---|---|---|", .. table, .. after]);
    }
}

/// <summary>Prometheus' own checker of metrics and rules.</summary>
internal static class Promtool
{
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => System.IO.Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);

    public static async Task<(int Code, string Said)> RunAsync(string promtool, string input, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(promtool, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }
}
