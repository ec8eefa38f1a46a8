using System.Globalization;
using System.Net.NetworkInformation;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansCache.Distance;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;
using Xunit.Abstractions;

namespace OrleansCache.Deployment.Tests.Cluster;

/// <summary><c>./run cluster</c> and <c>./run client</c>, as processes.</summary>
[Collection(PublishedPrograms.Collection)]
public sealed partial class ClusterCommandTests(PublishedPrograms programs, ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("orleanscache-tests-");

    private string Folder => Path.Combine(programs.Both, "artifacts", "cluster");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task It_answers_a_client_refuses_a_second_one_and_Ctrl_C_leaves_nothing_behind()
    {
        await using var cluster = await StartAsync();
        output.WriteLine(Healthy().Match(Text(cluster)).Value);
        await Commands.UntilAsync(() => RunAsync("client", "lookup", "book::1984", "--region", "asia"), "George Orwell");

        var (code, second) = await RunAsync("cluster", "--connection", Path.Combine(_data.FullName, "other.db"));
        Assert.Equal(4, code);
        Assert.Contains("runs already", second, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "client.json")));

        await cluster.SignalAsync("INT");
        Assert.True(await cluster.Ended.WaitAsync(Commands.Patience) == 0, Text(cluster));
        await AssertNothingIsLeftAsync(cluster);
        Assert.Equal(["lock"], Directory.GetFiles(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_silo_that_is_lost_is_reported_with_its_command_and_nothing_outlives_a_cluster_that_is_killed()
    {
        await using var cluster = await StartAsync();
        var silo = Assert.Single(ProcessesOf(Folder), command => command.Line.Contains("--region asia", StringComparison.Ordinal));

        using (var process = System.Diagnostics.Process.GetProcessById(silo.Id))
            process.Kill();
        var line = await cluster.WaitForLineAsync("to start it again").WaitAsync(Commands.Patience);
        Assert.Contains("asia.1 was ended by signal 9", line, StringComparison.Ordinal);
        Assert.Contains("--region asia", line, StringComparison.Ordinal);

        await cluster.KillAsync();
        await AssertNothingIsLeftAsync(cluster);
    }

    [DistanceFact]
    public async Task With_distance_its_page_makes_traffic_and_changes_and_cuts_the_ways_between_regions()
    {
        await using var cluster = await StartAsync("--distance", "europe-asia=20,europe-northamerica=20,asia-northamerica=20");
        var page = await cluster.WaitForLineAsync("open http").WaitAsync(Commands.Patience);
        using var http = new HttpClient { BaseAddress = new(page[page.IndexOf("http", StringComparison.Ordinal)..].Trim()) };

        Assert.Equal(20, (await BreakAsync(http, "traffic/20")).GetProperty("traffic").GetInt32());
        await Eventually.IsTrueAsync(async () => await LookupsAsync(http, "asia") > 100, "a client in asia makes lookups");
        await BreakAsync(http, "traffic/0");

        Assert.Equal(300, Link(await BreakAsync(http, "link/europe/asia/distance?ms=300")).GetProperty("milliseconds").GetInt32());
        await Eventually.IsTrueAsync(
            async () => (await StatsAsync(http)).Contains("\"region\":\"asia\",\"time\":\"00:00:00.3", StringComparison.Ordinal),
            "europe's silo has measured the new distance");

        Assert.True(Link(await BreakAsync(http, "link/europe/asia/cut")).GetProperty("isCut").GetBoolean());
        try
        {
            await Eventually.IsTrueAsync(
                async () => (await Asia(http)).Headers.TryGetValues("X-OrleansCache-Flags", out var flags) && flags.Contains("stale"),
                "asia's answers are flagged behind the cut");
        }
        catch (TimeoutException late)
        {
            // A silo that was taken for dead on a busy machine would be the reason; the cluster's lines say so.
            Assert.Fail($"{late.Message}: {await (await Asia(http)).Content.ReadAsStringAsync()}\n{Text(cluster)}");
        }

        Assert.False(Link(await BreakAsync(http, "link/europe/asia/heal")).GetProperty("isCut").GetBoolean());
        await Eventually.IsTrueAsync(
            async () => await Asia(http) is { IsSuccessStatusCode: true } answer && !answer.Headers.Contains("X-OrleansCache-Flags"),
            "asia's answers are not flagged any more");

        static Task<HttpResponseMessage> Asia(HttpClient http) => http.GetAsync("v1/books/book::1984?region=asia");

        static JsonElement Link(JsonElement list) => list.GetProperty("links").EnumerateArray()
            .Single(link => link.GetProperty("one").GetString() == "europe" && link.GetProperty("other").GetString() == "asia");
    }

    [Fact]
    public async Task Where_there_is_no_redis_server_it_says_what_to_install()
    {
        var (code, said) = await RunAsync(new Dictionary<string, string> { ["PATH"] = _data.FullName }, "cluster");

        Assert.True(code == 3, said);
        Assert.Contains("apt-get install redis-server", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_understood_is_refused()
    {
        var (code, said) = await RunAsync("cluster", "--catalog", "oracle");

        Assert.Equal(2, code);
        Assert.Contains("oracle", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_distance_that_cannot_be_understood_is_named_with_a_valid_one()
    {
        var (code, said) = await RunAsync("cluster", "--distance", "europe-asia=far");

        Assert.Equal(2, code);
        Assert.Contains("\"europe-asia=far\"", said, StringComparison.Ordinal);
        Assert.Contains("=160", said, StringComparison.Ordinal);
    }

    private static string Text(GuardedProcess process) => string.Join(Environment.NewLine, process.Lines);

    private static async Task<JsonElement> BreakAsync(HttpClient http, string what)
    {
        using var answer = await http.PostAsync($"v1/break/{what}", null);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    /// <summary>The lookups that a region's silos have answered.</summary>
    private static async Task<long> LookupsAsync(HttpClient http, string region)
    {
        return JsonElement.Parse(await StatsAsync(http)).GetProperty("silos").EnumerateArray()
            .Where(silo => silo.GetProperty("region").GetString() == region)
            .Sum(silo => silo.GetProperty("grainHits").GetInt64() + silo.GetProperty("catalogHits").GetInt64());
    }

    /// <summary>The statistics; a silo that is busy may need to be asked again.</summary>
    private static async Task<string> StatsAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("v1/stats");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : """{"silos":[]}""";
    }

    private async Task<GuardedProcess> StartAsync(params string[] more)
    {
        string[] command =
            ["dotnet", "orleanscache.dll", "cluster", "--connection", Path.Combine(_data.FullName, "catalog.db"), .. more];
        var cluster = await Commands.StartAsync(programs.Both, command);
        try
        {
            await cluster.WaitForLineAsync("Ctrl-C stops").WaitAsync(Commands.Patience);
            return cluster;
        }
        catch (InvalidOperationException error)
        {
            await cluster.DisposeAsync();
            throw new InvalidOperationException(Text(cluster), error);
        }
    }

    private Task<(int Code, string Output)> RunAsync(params string[] words) => RunAsync(new Dictionary<string, string>(), words);

    // By its path, for a test that sets another PATH.
    private Task<(int Code, string Output)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] words) =>
        Commands.RunAsync(programs.Both, [Programs.DotNet, "orleanscache.dll", .. words], environment);

    private async Task AssertNothingIsLeftAsync(GuardedProcess cluster)
    {
        var ports = Port().Matches(Text(cluster))
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .ToHashSet();
        Assert.True(ports.Count >= 10, "The output must name a Redis and a silo's two ports for each region, and a Redis for clustering.");
        await Eventually.IsTrueAsync(() => ProcessesOf(Folder).Count == 0, "the silos have ended");
        await Eventually.IsTrueAsync(
            () => !IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => ports.Contains(listener.Port)),
            "nobody listens on the cluster's ports");
    }

    /// <summary>Processes that have a folder in their command line.</summary>
    private static List<(int Id, string Line)> ProcessesOf(string folder)
    {
        var found = new List<(int, string)>();
        foreach (var process in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                var line = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
                // The shells that guard the silos have it in their arguments too.
                if (line.Contains(folder, StringComparison.Ordinal) && !line.StartsWith("/bin/sh", StringComparison.Ordinal))
                    found.Add((id, line));
            }
            catch (IOException)
            {
                // It has just ended.
                continue;
            }
        }

        return found;
    }

    [GeneratedRegex("healthy after ([0-9.]+) s")]
    private static partial Regex Healthy();

    [GeneratedRegex("127\\.0\\.0\\.1:([0-9]+)")]
    private static partial Regex Port();
}
