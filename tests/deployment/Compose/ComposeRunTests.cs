using System.Globalization;
using OrleansCache.LocalClusters;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>
/// The compose file's commands, run as the images would run them: the published programs by their entry points, with the file's variables.
/// Only the hosts are replaced, by ports of the loopback interface.
/// </summary>
[Collection(PublishedPrograms.Collection)]
public sealed class ComposeRunTests(PublishedPrograms programs) : IAsyncLifetime
{
    private const string Prefix = "OrleansCache__";

    private readonly ComposeFile _compose = ComposeFile.Read();
    private readonly Dictionary<string, int> _ports = [];
    private readonly List<GuardedProcess> _started = [];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("orleanscache-tests-");
    private LocalPostgresServer? _postgres;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var process in _started)
            await process.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Its_silos_become_healthy_its_client_looks_books_up_and_they_stop_in_order()
    {
        if (LocalPostgresServer.IsInstalled)
            _postgres = await LocalPostgresServer.StartAsync();
        foreach (var redis in _compose.Services.Values.Where(service => service.Command is ["redis-server", ..]))
            await StartRedisAsync(redis);
        var silos = new List<(ComposeService Service, GuardedProcess Process)>();
        foreach (var silo in _compose.Silos)
            silos.Add((silo, await StartAsync(programs.Silo, new ImageRecipe(silo.Dockerfile!).EntryPoint, SiloEnvironment(silo))));
        foreach (var (service, process) in silos)
        {
            await process.WaitForLineAsync($"ready {service.Environment[$"{Prefix}Silo__Region"]}.1 ").WaitAsync(Commands.Patience);
        }

        foreach (var silo in _compose.Silos)
        {
            await Commands.UntilAsync(() => CheckHealthAsync(silo, HttpPortOf(silo)));
        }

        await Commands.UntilAsync(() => ClientAsync("import", "data/books.csv"));
        await Commands.UntilAsync(() => ClientAsync("lookup", "book::1984", "--region", "asia"), "George Orwell", "region asia");

        // One after the other: each has some seconds to hand over, which three at once on a busy machine may exceed.
        foreach (var (service, process) in silos)
        {
            await process.SignalAsync("TERM");
            var code = await process.Ended.WaitAsync(Commands.Patience);
            Assert.True(code == 0, $"{service.Name}: {string.Join(Environment.NewLine, process.Lines)}");
        }
    }

    [Fact]
    public async Task A_health_check_of_a_silo_that_is_not_there_fails()
    {
        var (code, output) = await CheckHealthAsync(_compose.Silos.First(), FreePort.Find());

        Assert.True(code == 3, output);
    }

    private Task<(int Code, string Output)> CheckHealthAsync(ComposeService silo, int httpPort)
    {
        Assert.Equal("CMD", silo.HealthTest[0]);
        var check = silo.HealthTest.Skip(1).Select(word => word.Replace(":8080", $":{httpPort}", StringComparison.Ordinal));
        return Commands.RunAsync(programs.Silo, [.. check], SiloEnvironment(silo));
    }

    private Task<(int Code, string Output)> ClientAsync(params string[] words)
    {
        var client = new ImageRecipe(_compose.Client.Dockerfile!);
        return Commands.RunAsync(programs.Console, [.. client.EntryPoint, .. words], OnLoopback(_compose.Client.Environment));
    }

    private async Task StartRedisAsync(ComposeService service)
    {
        var folder = _data.CreateSubdirectory(service.Name).FullName;
        var port = PortOf(service.Name).ToString(CultureInfo.InvariantCulture);
        var redis = await StartAsync(folder, [.. service.Command, "--port", port, "--bind", "127.0.0.1"], new Dictionary<string, string>());
        await redis.WaitForLineAsync("Ready to accept connections").WaitAsync(Commands.Patience);
    }

    private async Task<GuardedProcess> StartAsync(
        string folder, IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var process = await Commands.StartAsync(folder, command, environment);
        _started.Add(process);
        return process;
    }

    private Dictionary<string, string> SiloEnvironment(ComposeService silo)
    {
        var environment = OnLoopback(silo.Environment);
        environment[$"{Prefix}Silo__Address"] = "127.0.0.1";
        environment[$"{Prefix}Silo__SiloPort"] = PortOf($"{silo.Name}:silo").ToString(CultureInfo.InvariantCulture);
        environment[$"{Prefix}Silo__GatewayPort"] = GatewayPortOf(silo).ToString(CultureInfo.InvariantCulture);
        environment[$"{Prefix}Http__Port"] = HttpPortOf(silo).ToString(CultureInfo.InvariantCulture);
        // Containers need it to reach each other.
        environment[$"{Prefix}Silo__ListenOnAny"] = "false";
        // On a busy machine silos that start take longer to answer probes than the default allows, and would be declared dead.
        environment[$"{Prefix}Clustering__ProbeTimeout"] = "00:00:20";
        environment[$"{Prefix}Catalog__Provider"] = _postgres is null ? "sqlite" : "postgres";
        environment[$"{Prefix}Catalog__ConnectionString"] = _postgres?.ConnectionString ?? Path.Combine(_data.FullName, "catalog.db");
        return environment;
    }

    private Dictionary<string, string> OnLoopback(IReadOnlyDictionary<string, string> environment) =>
        environment.ToDictionary(variable => variable.Key, variable => OnLoopback(variable.Value));

    private string OnLoopback(string value) =>
        _compose.Services.Keys.FirstOrDefault(host => value.StartsWith($"{host}:6379", StringComparison.Ordinal)) is { } host
            ? $"127.0.0.1:{PortOf(host)}{value[$"{host}:6379".Length..]}"
            : value;

    private int GatewayPortOf(ComposeService silo) => PortOf($"{silo.Name}:gateway");

    private int HttpPortOf(ComposeService silo) => PortOf($"{silo.Name}:http");

    private int PortOf(string what)
    {
        if (!_ports.TryGetValue(what, out var port))
        {
            do
                port = FreePort.Find();
            while (_ports.ContainsValue(port));
            _ports[what] = port;
        }

        return port;
    }
}
