using Microsoft.Extensions.Configuration;
using OrleansCache.Cli;
using OrleansCache.Cli.Sessions;
using OrleansCache.Client;
using Xunit;

namespace OrleansCache.Tests.Console.Sessions;

public sealed class RunningClusterConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Where_nothing_is_said_the_file_of_the_local_cluster_is_used()
    {
        Write(RunningClusterConfiguration.WrittenFile);
        var program = Directory.CreateDirectory(Path.Combine(_folder.FullName, "artifacts", "bin")).FullName;
        var options = Read(new ClusterLocation(), [], program);
        Assert.Equal(("of-the-file", "asia", "127.0.0.1:30001"), (options.ClusterId, options.Home, options.Regions[1].Gateways[0]));
    }

    [Fact]
    public void Where_that_file_is_not_there_the_message_says_how_to_start_a_cluster()
    {
        var error = Assert.Throws<SessionException>(() => Read(new ClusterLocation(), []));
        Assert.Equal(ConsoleExitCode.Unavailable, error.ExitCode);
        Assert.Contains("./run cluster", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var location = new ClusterLocation
        {
            ConfigFile = Write("mine.json"),
            Gateways = [("asia", "127.0.0.1:1"), ("asia", "127.0.0.1:2"), ("mars", "127.0.0.1:3")],
            Redis = "127.0.0.1:4",
        };
        var options = Read(location, new() { ["OrleansCache:ClusterId"] = "of-the-environment", ["OrleansCache:Deadline"] = "00:00:03" });
        Assert.Equal("of-the-environment", options.ClusterId);
        Assert.Equal(TimeSpan.FromSeconds(3), options.Deadline);
        Assert.Equal("127.0.0.1:4", options.Clustering.Redis);
        Assert.Equal(["europe", "asia", "mars"], options.Regions.Select(region => region.Name));
        Assert.Equal(["127.0.0.1:1", "127.0.0.1:2"], options.Regions[1].Gateways);
        Assert.Equal(["127.0.0.1:30000"], options.Regions[0].Gateways);
    }

    [Fact]
    public void What_is_said_keeps_the_file_of_the_local_cluster_out()
    {
        Write(RunningClusterConfiguration.WrittenFile);
        var options = Read(new ClusterLocation { Gateways = [("europe", "127.0.0.1:1")] }, []);
        Assert.Equal(("orleanscache", "europe"), (options.ClusterId, options.Home));
        Assert.Single(options.Regions);
    }

    [Theory]
    [InlineData("", "europe,asia,northamerica")]
    [InlineData("south,north", "south,north")]
    public void The_regions_of_a_clustering_redis_are_named_or_the_projects_own(string named, string regions)
    {
        var names = named.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var options = Read(new ClusterLocation { Redis = "127.0.0.1:4", ClusterId = "mine", Regions = names }, []);
        Assert.Equal(regions.Split(','), options.Regions.Select(region => region.Name));
        Assert.Equal((regions.Split(',')[0], "mine"), (options.Home, options.ClusterId));
    }

    [Fact]
    public void A_file_or_a_value_that_cannot_be_read_is_named()
    {
        var file = Path.Combine(_folder.FullName, "broken.json");
        File.WriteAllText(file, "{ nonsense");
        Assert.Contains(file, Assert.Throws<SessionException>(() => Read(new ClusterLocation { ConfigFile = file }, [])).Message);
        var error = Assert.Throws<SessionException>(() => Read(new ClusterLocation(), new() { ["OrleansCache:Deadline"] = "soon" }));
        Assert.Equal(ConsoleExitCode.BadUsage, error.ExitCode);
        Assert.Contains("OrleansCache:Deadline", error.Message);
    }

    private CacheClientOptions Read(ClusterLocation location, Dictionary<string, string?> environment, string? folder = null)
    {
        var options = new CacheClientOptions();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(environment).Build();
        RunningClusterConfiguration.Read(location, configuration, folder ?? _folder.FullName).ApplyTo(options);
        return options;
    }

    private string Write(string name)
    {
        var file = new FileInfo(Path.Combine(_folder.FullName, name));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, """
            { "OrleansCache": { "ClusterId": "of-the-file", "Home": "asia", "Regions": [
              { "Name": "europe", "Gateways": ["127.0.0.1:30000"] }, { "Name": "asia", "Gateways": ["127.0.0.1:30001"] } ] } }
            """);
        return file.FullName;
    }
}
