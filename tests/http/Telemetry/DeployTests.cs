using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansCache.Http.Tests.Servers;

namespace OrleansCache.Http.Tests.Telemetry;

/// <summary>The alert rules and the dashboard in deploy/.</summary>
[Collection(ClusterTests.Name)]
public sealed partial class DeployTests(ClusterFixture cluster)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy");

    [Fact]
    public async Task The_checker_of_Prometheus_accepts_the_alert_rules()
    {
        var promtool = Promtool.Path ?? throw new InvalidOperationException("There is no promtool; install the package prometheus.");

        var (code, said) = await Promtool.RunAsync(promtool, "", "check", "rules", Path.Combine(Folder, "prometheus", "alerts.yml"));

        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task Rules_and_dashboard_use_metrics_that_there_are()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(Folder, "prometheus", "alerts.yml"));
        var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "grafana", "orleanscache.json")));
        var expressions = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!);
        var used = expressions.Append(rules).SelectMany(text => Metric().Matches(text)).Select(match => match.Value).Distinct().ToArray();
        Assert.True(used.Length > 15, string.Join(' ', used));

        string[] missing = [];
        var scraped = Scrape.UntilAsync(cluster, metrics =>
        {
            missing = [.. used.Where(name => !metrics.Contains($"\n{name}{{", StringComparison.Ordinal))];
            return missing.Length == 0;
        });
        Assert.True(await Record.ExceptionAsync(() => scraped) is null, $"not published: {string.Join(", ", missing)}");
    }

    // Labels are in braces, or after "by"; metrics are followed by a brace, a bracket, a comparison or a closing parenthesis.
    [GeneratedRegex(@"\b(orleanscache|dotnet_cache)_[a-z_]+(_total|_bucket|_bytes|_up|_seconds)\b")]
    private static partial Regex Metric();
}
