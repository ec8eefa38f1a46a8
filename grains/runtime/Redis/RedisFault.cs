using System.Security.Authentication;
using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>What a failure of a Redis says, in the server's own words, and what to do about it.</summary>
internal static class RedisFault
{
    private const int MaxLength = 240;

    /// <summary>By what a reason contains. The first match counts.</summary>
    private static readonly (string Sign, string Advice)[] Table =
    [
        ("READONLY", "It is a replica: name its primary, or use Sentinel (serviceName=) or a Redis Cluster."),
        ("issued to a replica", "It is a replica: name its primary, or use Sentinel (serviceName=) or a Redis Cluster."),
        ("NOREPLICAS", "It has fewer replicas than min-replicas-to-write: start them, or lower that setting."),
        ("OOM", "It is full: set its maxmemory-policy to allkeys-lru, or raise maxmemory."),
        ("MISCONF", "It cannot save to its disk: repair that, or set stop-writes-on-bgsave-error no and save \"\"."),
        ("LOADING", "It loads its data; a node needs no persistence (save \"\", appendonly no)."),
        ("BUSY", "Somebody's script blocks it: SCRIPT KILL ends a script that has not written."),
        ("CLUSTERDOWN", "A part of the cluster's slots is not served: set cluster-require-full-coverage no and "
            + "cluster-allow-reads-when-down yes, and give every primary a replica."),
        ("MASTERDOWN", "The replica has lost its primary: set replica-serve-stale-data yes, or name the primary."),
        ("NOPERM", "Its user lacks a permission; docs/redis.md lists what a node's user needs."),
        ("can't run this command", "Its user lacks a permission; docs/redis.md lists what a node's user needs."),
        ("NOAUTH", "It wants a password: give user= and password= in the connection string."),
        ("WRONGPASS", "The user or password of the connection string is wrong."),
        ("invalid password", "The user or password of the connection string is wrong."),
        ("certificate", "Its certificate is not trusted: check the authority, the name (sslHost=) and the dates of the certificate."),
        ("SSL", "TLS could not be agreed: check ssl= and the port of the connection string."),
        ("scripting support disabled", "The server runs no scripts: start it with Lua (Garnet: --lua)."),
        ("max number of clients", "Raise its maxclients."),
        ("Sentinel:", "The Sentinels know no primary of that serviceName= which answers; ask one of them: SENTINEL MASTER NAME."),
        ("connect", "Check that it runs, and its address, port and firewall."),
        ("No response", "It hangs, is paused (CLIENT PAUSE), or the network loses packets."),
        ("Socket", "Check that it runs, and its address, port and firewall."),
    ];

    /// <summary>The reason of a failure in one short line without control characters.</summary>
    public static string Describe(Exception failure)
    {
        var text = failure switch
        {
            RedisServerException server => WithoutScript(server.Message),
            RedisTimeoutException => "No response in time",
            _ when Cause(failure) is { } cause => cause,
            RedisConnectionException connection => Until(Until(connection.Message, ", "), " Error connecting right now"),
            _ => failure.Message,
        };
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim().TrimEnd('.');
        return text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength - 1), "…");
    }

    /// <summary>What to do about a reason; null when nothing is known.</summary>
    public static string? AdviceFor(string reason) =>
        Table.FirstOrDefault(row => reason.Contains(row.Sign, StringComparison.OrdinalIgnoreCase)).Advice;

    /// <summary>What lies behind a connection's failure: the server's refusal, or that of TLS.</summary>
    private static string? Cause(Exception failure)
    {
        for (var cause = failure.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is RedisServerException server)
                return server.Message;
            if (cause is AuthenticationException)
                return cause.InnerException is AuthenticationException { Message: var inner } ? inner : cause.Message;
            if (cause is System.Net.Sockets.SocketException socket)
                return $"{Until(failure.Message, ", ")}: {socket.Message}";
        }

        return null;
    }

    /// <summary>Servers add the script's hash and line, which tell an operator nothing.</summary>
    private static string WithoutScript(string message) => Until(message, " script: ");

    private static string Until(string text, string end) =>
        text.IndexOf(end, StringComparison.Ordinal) is > 0 and var at ? text[..at] : text;
}
