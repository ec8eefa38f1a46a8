using OrleansCache.Client;
using OrleansCache.Silo.Configuration;
using Xunit;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>What can be checked of the compose file without Docker: that it is consistent in itself and with the programs.</summary>
public sealed class ComposeFileTests
{
    private const string Prefix = "OrleansCache__";

    private static readonly string[] KnownKeys =
    [
        "image", "build", "command", "environment", "depends_on", "healthcheck", "restart", "stop_grace_period", "networks", "volumes", "profiles", "stdin_open", "tty",
    ];

    private readonly ComposeFile _compose = ComposeFile.Read();

    [Fact]
    public void It_has_three_silos_with_a_Redis_each_a_clustering_Redis_a_database_and_a_client()
    {
        Assert.Equal(["silo-europe", "silo-asia", "silo-northamerica"], _compose.Silos.Select(silo => silo.Name));
        Assert.Equal(
            ["client", "postgres", "redis-asia", "redis-clustering", "redis-europe", "redis-northamerica", "silo-asia", "silo-europe", "silo-northamerica"],
            _compose.Services.Keys.Order());
        Assert.All(_compose.Services.Values, service => Assert.Empty(service.Keys.Except(KnownKeys)));
        Assert.All(_compose.Keys, key => Assert.True(key is "services" or "networks" or "volumes" || key.StartsWith("x-", StringComparison.Ordinal), key));
    }

    [Fact]
    public void Every_variable_of_a_silo_is_a_setting_that_exists() =>
        Assert.All(_compose.Silos, silo => Assert.All(silo.Environment.Keys, variable =>
            Assert.True(SettingPaths.Exists(typeof(SiloHostOptions), PathOf(variable)), variable)));

    [Fact]
    public void Every_variable_of_the_client_is_a_setting_that_exists() =>
        Assert.All(_compose.Client.Environment.Keys, variable => Assert.True(SettingPaths.Exists(typeof(CacheClientOptions), PathOf(variable)), variable));

    [Theory]
    [InlineData("Silo:Adress")]
    [InlineData("Silo")]
    [InlineData("Silo:Region:Name")]
    [InlineData("Silo:Name")]
    [InlineData("Regions:first:Name")]
    public void A_setting_that_does_not_exist_is_told_apart(string path) =>
        Assert.False(SettingPaths.Exists(typeof(SiloHostOptions), path.Split(':')));

    [Fact]
    public void Silos_and_client_agree_about_the_cluster() =>
        Assert.All(_compose.Silos, silo => Assert.All(_compose.Client.Environment, setting => Assert.Equal(setting.Value, silo.Environment[setting.Key])));

    [Fact]
    public void Each_silo_has_a_region_of_its_own_and_its_own_name_as_address()
    {
        Assert.Equal(3, _compose.Silos.Select(silo => silo.Environment[$"{Prefix}Silo__Region"]).Distinct().Count());
        Assert.All(_compose.Silos, silo => Assert.Equal(silo.Name, silo.Environment[$"{Prefix}Silo__Address"]));
        Assert.All(_compose.Silos, silo => Assert.Equal($"silo-{silo.Environment[$"{Prefix}Silo__Region"]}", silo.Name));
    }

    [Fact]
    public void Every_host_that_a_connection_names_is_a_service() => Assert.All(
        _compose.Services.Values.SelectMany(service => service.Environment.Values).SelectMany(HostsIn),
        host => Assert.Contains(host, _compose.Services.Keys));

    [Fact]
    public void Nobody_waits_for_the_health_of_a_service_that_has_no_check() => Assert.All(
        _compose.Services.Values.SelectMany(service => service.DependsOn),
        wait =>
        {
            Assert.Equal("service_healthy", wait.Value);
            Assert.NotEmpty(_compose.Services[wait.Key].HealthTest);
        });

    [Fact]
    public void Networks_and_volumes_that_are_used_are_declared()
    {
        Assert.All(_compose.Services.Values, service => Assert.Equal(_compose.Names("networks"), service.Networks));
        Assert.All(_compose.Services.Values.SelectMany(service => service.Volumes), volume => Assert.Contains(volume.Split(':')[0], _compose.Names("volumes")));
    }

    [Fact]
    public void Nodes_throw_away_what_is_least_used_and_the_table_of_silos_is_never_thrown_away()
    {
        Assert.All(["redis-europe", "redis-asia", "redis-northamerica"], node => Assert.Contains("allkeys-lru", _compose.Services[node].Command));
        Assert.Contains("noeviction", _compose.Services["redis-clustering"].Command);
        Assert.NotEmpty(_compose.Services["redis-clustering"].Volumes);
    }

    [Fact]
    public void Images_are_built_from_files_that_exist_with_arguments_that_they_declare() => Assert.All(
        _compose.Services.Values.Where(service => service.Dockerfile is not null),
        service =>
        {
            var recipe = new ImageRecipe(service.Dockerfile!);
            Assert.All(service.BuildArguments.Keys, argument => Assert.Contains(argument, recipe.Arguments));
            Assert.True(File.Exists(Repository.PathOf(recipe.Run[2])), recipe.Run[2]);
            Assert.All(recipe.Copied, copy => Assert.True(File.Exists(Repository.PathOf(copy.From)), copy.From));
        });

    [Fact]
    public void The_ports_of_settings_health_check_and_image_are_the_same() => Assert.All(_compose.Silos, silo =>
    {
        var (siloPort, gatewayPort) = (silo.Environment[$"{Prefix}Silo__SiloPort"], silo.Environment[$"{Prefix}Silo__GatewayPort"]);
        Assert.Equal([siloPort, gatewayPort], new ImageRecipe(silo.Dockerfile!).Ports);
        Assert.EndsWith($":{gatewayPort}", silo.HealthTest[^1], StringComparison.Ordinal);
    });

    [Fact]
    public void The_build_gets_every_folder_that_the_programs_are_made_of()
    {
        var left = File.ReadAllLines(Repository.PathOf(".dockerignore"));
        Assert.All(
            ["silo", "client", "grains", "data", "Directory.Build.props", "Directory.Packages.props", "global.json"],
            needed =>
            {
                Assert.True(Path.Exists(Repository.PathOf(needed)), needed);
                Assert.DoesNotContain(needed, left);
            });
    }

    private static string[] PathOf(string variable)
    {
        Assert.StartsWith(Prefix, variable, StringComparison.Ordinal);
        return variable[Prefix.Length..].Split("__");
    }

    /// <summary>Hosts as <c>NAME:PORT</c> at the beginning of a value, or as <c>Host=NAME;</c>.</summary>
    private static IEnumerable<string> HostsIn(string value)
    {
        if (value.StartsWith("Host=", StringComparison.Ordinal))
            yield return value["Host=".Length..].Split(';')[0];
        else if (value.Split(',')[0].Split(':') is [var host, _] && host[0] != '$')
            yield return host;
    }
}
