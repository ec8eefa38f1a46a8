using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Cli;
using OrleansCache.Client;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Console;

/// <summary>Clients and the console on a cluster that they did not start.</summary>
public sealed class RunningClusterTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task The_consoles_commands_work_on_it()
    {
        await using var cluster = new TcpCluster("europe", "asia");
        await cluster.StartAsync();
        var file = Path.Combine(cluster.Folder, "books.csv");
        await File.WriteAllTextAsync(file, "key,title,author,year\n1984,1984,George Orwell,1949\n");

        Assert.Equal(ConsoleExitCode.Done, await RunAsync("", [.. cluster.Words, "import", file]));
        Assert.Contains("1 created", Taken());
        const string commands = "lookup book::1984 --region asia\nnode add asia second memory:second\nnode add asia third local\n";
        Assert.Equal(ConsoleExitCode.BadUsage, await RunAsync(commands, cluster.Words));
        Assert.Contains("second", Taken());
        Assert.Contains("\"local\" is a server of a cluster in this process", _error.ToString());
        Assert.Equal(ConsoleExitCode.Done, await RunAsync("", [.. cluster.Words, "lookup", "book::1984", "--region", "asia", "--json"]));
        Assert.Equal("silo", JsonDocument.Parse(Taken()).RootElement.GetProperty("lookups")[0].GetProperty("tier").GetString());
        Assert.Equal(ConsoleExitCode.Done, await RunAsync("", [.. cluster.Words, "regions", "--json"]));
        var regions = JsonDocument.Parse(Taken()).RootElement;
        Assert.Equal("europe", regions.GetProperty("home").GetString());
        Assert.Equal(cluster.Gateway(1), regions.GetProperty("regions")[1].GetProperty("gateways")[0].GetString());
        Assert.Equal(ConsoleExitCode.BadUsage, await RunAsync("", [.. cluster.Words, "demo"]));
        Assert.Contains("./run demo", _error.ToString());
    }

    [Fact]
    public async Task An_unreachable_cluster_is_unavailable_and_the_message_names_the_gateways()
    {
        var nobody = $"127.0.0.1:{FreePort.Find()}";
        Assert.Equal(ConsoleExitCode.Unavailable, await RunAsync("", "--gateway", $"europe={nobody}", "lookup", "book::1984"));
        var line = Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(nobody, line);
        Assert.Contains("./run cluster", line);
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public async Task A_cluster_that_answers_later_than_a_lookup_may_take_is_waited_for()
    {
        await using var cluster = new TcpCluster("europe");
        await cluster.StartAsync();
        var file = Path.Combine(cluster.Folder, "client.json");
        await File.WriteAllTextAsync(
            file,
            "{\"OrleansCache\": {\"Home\": \"europe\", \"Deadline\": \"00:00:00.002\", \"AttemptBudget\": \"00:00:00.001\", "
            + $"\"Regions\": [{{\"Name\": \"europe\", \"Gateways\": [\"{cluster.Gateway(0)}\"]}}]}}}}");

        Assert.Equal(ConsoleExitCode.Done, await RunAsync("", "--config", file, "ring", "europe"));
    }

    [Fact]
    public async Task A_client_waits_for_its_cluster_and_outlives_it()
    {
        await using var cluster = new TcpCluster("europe");
        using var client = Build(cluster);
        await client.StartAsync();
        var cache = client.Services.GetRequiredService<IBookCache>();
        var operations = client.Services.GetRequiredService<ICacheOperations>();
        Assert.False(operations.ConnectionOf("europe").IsConnected);
        await Assert.ThrowsAsync<LookupFailedException>(async () => await cache.GetAsync("book::1984"));

        await cluster.StartAsync();
        await AnswersAsync(cache);
        Assert.True(operations.ConnectionOf("europe").IsConnected);
        await cluster.StopAsync();
        await Assert.ThrowsAsync<LookupFailedException>(async () => await cache.GetAsync("book::1984"));
        await cluster.StartAsync();
        await AnswersAsync(cache);
    }

    private static async Task AnswersAsync(IBookCache cache)
    {
        LookupFailedException? last = null;
        try
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    try
                    {
                        await cache.GetAsync("book::1984");
                        return true;
                    }
                    catch (LookupFailedException error)
                    {
                        last = error;
                        return false;
                    }
                },
                "the cluster to answer");
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}; the last error was: {last?.Message}", error);
        }
    }

    private static IHost Build(TcpCluster cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddBookCache(options =>
        {
            options.Home = cluster.Regions[0];
            for (var i = 0; i < cluster.Regions.Count; i++)
                options.Regions.Add(new ClientRegionOptions { Name = cluster.Regions[i], Gateways = { cluster.Gateway(i) } });
        });
        return builder.Build();
    }

    private string Taken()
    {
        var text = _out.ToString();
        _out.GetStringBuilder().Clear();
        return text;
    }

    private Task<int> RunAsync(string input, params string[] args) =>
        new ConsoleProgram(new Terminal { In = new StringReader(input), Out = _out, Error = _error }).RunAsync(args);
}
