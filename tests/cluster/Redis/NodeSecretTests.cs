using System.Globalization;
using OrleansCache.LocalClusters;
using OrleansCache.Redis;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Redis;

/// <summary>Passwords and certificates of nodes, and their replacement while a silo runs.</summary>
public sealed class NodeSecretTests : IDisposable
{
    private static readonly NodeOptions Quick = new() { Budget = TimeSpan.FromSeconds(1), RetryAfter = TimeSpan.FromMilliseconds(100) };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-secrets-");

    private string PasswordFile => Path.Combine(_folder.FullName, "password");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_password_that_is_changed_in_its_file_is_used_for_the_next_connection()
    {
        await using var server = await RedisProcess.StartAsync();
        await server.AskAsync("acl", "setuser", "node", "on", ">first", "~*", "+@all");
        await File.WriteAllTextAsync(PasswordFile, "first\n");
        await using var use = new NodeUse($"{server.Address},user=node,password=${{file:{PasswordFile}}}", Quick);
        await use.IsServedAsync();

        // As one rotates it: both are valid for a while, then the old one is not, and who came with it has to come again.
        await server.AskAsync("acl", "setuser", "node", ">second");
        await File.WriteAllTextAsync(PasswordFile, "second\n");
        await server.AskAsync("acl", "setuser", "node", "<first");
        await server.AskAsync("client", "kill", "user", "node");

        await use.IsServedAsync();
    }

    [Fact]
    public async Task A_password_file_that_is_missing_is_the_reason_that_is_told_and_no_password_is()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var use = new NodeUse($"{server.Address},password=${{file:{PasswordFile}}}", Quick);

        await use.IsAsync(NodeState.Down);
        await Eventually.IsTrueAsync(
            () => use.Node.Health.Reason?.Contains(PasswordFile, StringComparison.Ordinal) is true, "the file is named");

        await File.WriteAllTextAsync(PasswordFile, "anything");
        await use.IsAsync(NodeState.Up);
    }

    [Fact]
    public async Task A_server_of_a_private_authority_is_used_with_that_authority_and_a_certificate_of_ones_own()
    {
        using var authority = new TestAuthority(_folder.FullName, "authority");
        var port = FreePort.Find();
        var (certificate, own) = (authority.Issue("localhost"), authority.Issue("silo.test"));
        await using var server = await RedisProcess.StartAsync(
            "--tls-cert-file", certificate, "--tls-key-file", certificate, "--tls-ca-cert-file", authority.File,
            "--tls-auth-clients", "yes");
        await server.AskAsync("config", "set", "tls-port", port.ToString(CultureInfo.InvariantCulture));
        var connection = string.Create(CultureInfo.InvariantCulture, $"localhost:{port},ssl=true");

        await using (var use = new NodeUse(connection, Quick with { Tls = new() { Authority = authority.File, Certificate = own } }))
            await use.IsServedAsync();
        await using (var use = new NodeUse(connection, Quick with { Tls = new() { Certificate = own } }))
            await use.IsAsync(NodeState.Down);
        await using (var use = new NodeUse(connection, Quick with { Tls = new() { Authority = authority.File } }))
            await use.IsAsync(NodeState.Down);
    }
}
