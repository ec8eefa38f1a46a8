using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Configuration;
using OrleansCache.Silo.Configuration;
using OrleansCache.Silo.Health;

namespace OrleansCache.Silo.Startup;

/// <summary>The command line of the silo program.</summary>
internal sealed class SiloCommand
{
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };
    private static readonly InvocationConfiguration Invocation = new() { ProcessTerminationTimeout = null };

    private readonly Option<string?> _region = new("--region", "-r") { Description = "The region that the silo belongs to.", HelpName = "NAME" };
    private readonly Option<int?> _number = new("--number", "-n") { Description = "Tells the silo from its region's other silos; 1 unless given.", HelpName = "N" };
    private readonly Option<int?> _siloPort = new("--silo-port") { Description = "The port for other silos; 11111 unless given.", HelpName = "PORT" };
    private readonly Option<int?> _gatewayPort = new("--gateway-port") { Description = "The port for clients; 30000 unless given.", HelpName = "PORT" };
    private readonly Option<FileInfo?> _config = new("--config", "-c") { Description = "A JSON file with the section OrleansCache.", HelpName = "FILE", Recursive = true };
    private readonly Option<string> _gateway = new("--gateway") { Description = "The silo's gateway.", HelpName = "HOST:PORT", Required = true };

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly RootCommand _root;
    private IReadOnlyList<string> _settings = [];

    /// <summary>Makes the command.</summary>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where messages go.</param>
    /// <param name="services">Adds to the silo's services, before those of the cache; for tests.</param>
    public SiloCommand(TextWriter output, TextWriter error, Action<IServiceCollection, IConfiguration>? services = null)
    {
        _output = output;
        _error = error;
        var health = new Command("health", "Asks the silo behind a gateway whether it answers for the cache: exit code 0 if so, else 3.") { _gateway };
        health.SetAction((parsed, cancellation) => GuardAsync(async () =>
        {
            var settings = HostSettingsReader.ReadHost(Configuration(parsed));
            if (!HostAddress.TryParse(parsed.GetValue(_gateway), out var gateway))
                throw new SettingsException([$"--gateway is {parsed.GetValue(_gateway)}; give host:port, such as 127.0.0.1:30000."]);
            return await new HealthCheck(settings, gateway, _output, _error).RunAsync(cancellation).ConfigureAwait(false);
        }));
        _root = new RootCommand("A silo of OrleansCache. Every setting of the section OrleansCache can be given as --OrleansCache:NAME=VALUE too; docs/settings.md lists them.")
        {
            _region, _number, _siloPort, _gatewayPort, _config, health,
        };
        _root.SetAction((parsed, _) => GuardAsync(() => new SiloProgram(_output, _error, services).RunAsync(Configuration(parsed))));
    }

    /// <summary>Runs a silo until it is stopped, or what else the arguments ask for.</summary>
    /// <returns>The <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        (_settings, var words) = SettingArguments.Split(args);
        var parsed = _root.Parse(words, Parsing);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(Invocation).ConfigureAwait(false);
        foreach (var error in parsed.Errors)
            await _error.WriteLineAsync(error.Message).ConfigureAwait(false);
        await _error.WriteLineAsync("--help shows what can be given.").ConfigureAwait(false);
        return ExitCode.BadSettings;
    }

    private async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (SettingsException error)
        {
            foreach (var problem in error.Problems)
                await _error.WriteLineAsync(problem).ConfigureAwait(false);
            return ExitCode.BadSettings;
        }
    }

    private IConfiguration Configuration(ParseResult parsed) => SiloConfiguration.Build(parsed.GetValue(_config), _settings,
    [
        .. Short("Region", parsed.GetValue(_region)),
        .. Short("Number", parsed.GetValue(_number)),
        .. Short("SiloPort", parsed.GetValue(_siloPort)),
        .. Short("GatewayPort", parsed.GetValue(_gatewayPort)),
    ]);

    private static IEnumerable<KeyValuePair<string, string?>> Short(string setting, object? value) =>
        value is null ? [] : [new($"{CacheSettings.Section}:Silo:{setting}", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}"))];
}
