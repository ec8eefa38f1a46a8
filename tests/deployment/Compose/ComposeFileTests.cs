using OrleansCache.Client;
using OrleansCache.Silo.Configuration;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>The compose file names only settings and hosts that exist; <see cref="ComposeRunTests"/> runs what it says.</summary>
public sealed class ComposeFileTests
{
    private const string Prefix = "OrleansCache__";

    private readonly ComposeFile _compose = ComposeFile.Read();

    [Fact]
    public void Every_variable_of_a_silo_is_a_setting_that_exists() =>
        Assert.All(_compose.Silos, silo => Assert.All(silo.Environment.Keys, variable =>
            Assert.True(SettingPaths.Exists(typeof(SiloHostOptions), PathOf(variable)), variable)));

    [Fact]
    public void Every_variable_of_the_client_is_a_setting_that_exists() => Assert.All(
        _compose.Client.Environment.Keys,
        variable => Assert.True(SettingPaths.Exists(typeof(CacheClientOptions), PathOf(variable)), variable));

    [Theory]
    [InlineData("Silo:Adress")]
    [InlineData("Silo")]
    [InlineData("Silo:Region:Name")]
    [InlineData("Silo:Name")]
    [InlineData("Regions:first:Name")]
    public void A_setting_that_does_not_exist_is_found(string path) =>
        Assert.False(SettingPaths.Exists(typeof(SiloHostOptions), path.Split(':')));

    [Fact]
    public void Every_host_that_a_connection_names_is_a_service() => Assert.All(
        _compose.Services.Values.SelectMany(service => service.Environment.Values).SelectMany(HostsIn),
        host => Assert.Contains(host, _compose.Services.Keys));

    [Fact]
    public void No_password_has_a_default_and_every_server_asks_for_one()
    {
        var text = File.ReadAllText(Repository.PathOf("docker-compose.yml"));
        Assert.DoesNotContain(":-", text, StringComparison.Ordinal);

        var redis = _compose.Services.Values.Where(service => service.Command is ["redis-server", ..]).ToArray();
        Assert.Equal(4, redis.Length);
        Assert.All(redis, service =>
        {
            Assert.Equal(["--requirepass", ComposeFile.ValueOf("REDIS_PASSWORD")], service.Command.TakeLast(2));
            Assert.Equal(ComposeFile.ValueOf("REDIS_PASSWORD"), service.Environment["REDISCLI_AUTH"]);
        });
        Assert.Equal(ComposeFile.ValueOf("POSTGRES_PASSWORD"), _compose.Services["postgres"].Environment["POSTGRES_PASSWORD"]);
    }

    [Fact]
    public void Every_service_that_stays_has_a_memory_limit() => Assert.All(
        _compose.Services.Values.Where(service => service != _compose.Client), service => Assert.NotNull(service.MemoryLimit));

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
