using System.Globalization;
using OrleansCache.LocalClusters;
using Xunit;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>
/// The compose file's commands, run as the images would run them: the published programs by their entry points, with the file's
/// variables, except that its hosts are ports of the loopback interface here.
/// </summary>
[Collection(PublishedPrograms.Collection)]
public sealed class ComposeRunTests(PublishedPrograms programs) : IAsyncLifetime
{
    private const string Prefix = "OrleansCache__";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ComposeFile _compose = ComposeFile.Read();
    private readonly Dictionary<string, int> _ports = [];
    private readonly List<GuardedProcess> _started = [];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("orleanscache-tests-");
    private LocalPostgresServer? _postgres;

    public async Task InitializeAsync()
    {
        if (LocalPostgresServer.IsInstalled)
            _postgres = await LocalPostgresServer.StartAsync();
    }

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
        foreach (var redis in _compose.Services.Values.Where(service => service.Command is ["redis-server", ..]))
            await StartRedisAsync(redis);
        var silos = new List<(ComposeService Service, GuardedProcess Process)>();
        foreach (var silo in _compose.Silos)
            silos.Add((silo, await StartAsync(programs.Silo, new ImageRecipe(silo.Dockerfile!).EntryPoint, SiloEnvironment(silo))));
        foreach (var (service, process) in silos)
        {
            using var limit = new CancellationTokenSource(Patience);
            await process.WaitForLineAsync($"ready {service.Environment[$"{Prefix}Silo__Region"]}.1 ", limit.Token);
        }

        foreach (var silo in _compose.Silos)
        {
            Assert.Equal("CMD-SHELL", silo.HealthTest[0]);
            var check = silo.HealthTest[1].Replace("$$", "$", StringComparison.Ordinal).Replace(":30000", $":{GatewayPortOf(silo)}", StringComparison.Ordinal);
            var (code, said) = await Commands.RunAsync(programs.Silo, ["/bin/sh", "-c", check], SiloEnvironment(silo));
            Assert.True(code == 0, said);
        }

        var import = await ClientAsync("import", "data/books.csv");
        Assert.True(import.Code == 0, import.Output);
        var lookup = await ClientAsync("lookup", "book::1984", "--region", "asia");
        Assert.True(lookup.Code == 0, lookup.Output);
        Assert.Contains("George Orwell", lookup.Output, StringComparison.Ordinal);
        Assert.Contains("region asia", lookup.Output, StringComparison.Ordinal);

        foreach (var (_, process) in silos)
            await process.SignalAsync("TERM");
        foreach (var (service, process) in silos)
            Assert.True(await process.Ended.WaitAsync(Patience) == 0, $"{service.Name}: {string.Join(Environment.NewLine, process.Lines)}");
    }

    [Fact]
    public async Task A_health_check_of_a_silo_that_is_not_there_fails()
    {
        var silo = _compose.Silos.First();
        var check = silo.HealthTest[1].Replace("$$", "$", StringComparison.Ordinal).Replace(":30000", $":{FreePort.Find()}", StringComparison.Ordinal);

        var (code, said) = await Commands.RunAsync(programs.Silo, ["/bin/sh", "-c", check], SiloEnvironment(silo));

        Assert.True(code == 3, said);
    }

    private Task<(int Code, string Output)> ClientAsync(params string[] words) =>
        Commands.RunAsync(programs.Console, [.. new ImageRecipe(_compose.Client.Dockerfile!).EntryPoint, .. words], OnLoopback(_compose.Client.Environment));

    private async Task StartRedisAsync(ComposeService service)
    {
        var folder = _data.CreateSubdirectory(service.Name).FullName;
        var port = PortOf(service.Name).ToString(CultureInfo.InvariantCulture);
        var redis = await StartAsync(folder, [.. service.Command, "--port", port, "--bind", "127.0.0.1"], new Dictionary<string, string>());
        using var limit = new CancellationTokenSource(Patience);
        await redis.WaitForLineAsync("Ready to accept connections", limit.Token);
    }

    private async Task<GuardedProcess> StartAsync(string folder, IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
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
        // Between containers a silo must listen on their network; here it stays on the loopback interface.
        environment[$"{Prefix}Silo__ListenOnAny"] = "false";
        environment[$"{Prefix}Catalog__Provider"] = _postgres is null ? "sqlite" : "postgres";
        environment[$"{Prefix}Catalog__ConnectionString"] = _postgres?.ConnectionString ?? Path.Combine(_data.FullName, "catalog.db");
        return environment;
    }

    private Dictionary<string, string> OnLoopback(IReadOnlyDictionary<string, string> environment) => environment.ToDictionary(
        variable => variable.Key,
        variable => _compose.Services.Keys.FirstOrDefault(host => variable.Value.StartsWith($"{host}:6379", StringComparison.Ordinal)) is { } host
            ? $"127.0.0.1:{PortOf(host)}{variable.Value[$"{host}:6379".Length..]}"
            : variable.Value);

    private int GatewayPortOf(ComposeService silo) => PortOf($"{silo.Name}:gateway");

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
