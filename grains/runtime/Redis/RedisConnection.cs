using System.Net;
using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>
/// A connection string of StackExchange.Redis, such as <c>host:6379,user=cache,password=secret,ssl=true</c>. Error messages never quote
/// it: any part of it may be a password, or a piece of one that contains a comma.
/// </summary>
/// <param name="Options">The options of the multiplexer.</param>
/// <param name="Address">The servers, joined by commas; with Sentinel <c>SERVICE@</c> and the Sentinels.</param>
internal sealed record RedisConnection(ConfigurationOptions Options, string Address)
{
    private const string Example = "give one such as redis-1:6379,password=SECRET,ssl=true";

    private const int ReconnectMilliseconds = 500;

    // How often the roles of the servers and the map of a cluster are read; a redirection tells of a change at once.
    private const int RoleCheckSeconds = 15;

    /// <summary>Parses the connection string of a node.</summary>
    /// <exception cref="InvalidTopologyException">The connection string is invalid.</exception>
    public static RedisConnection ParseNode(string connection, RedisTlsOptions tls)
    {
        var parsed = Parse(connection, tls);
        var options = parsed.Options;
        // A connection that cannot be made fails with the server's reason instead of being retried in silence; RedisLink tries again.
        options.AbortOnConnectFail = true;
        options.ConnectRetry = 1;
        // The library counts CLUSTER NODES among the commands of administrators.
        options.AllowAdmin = true;
        return parsed;
    }

    /// <summary>Parses a connection string.</summary>
    /// <exception cref="InvalidTopologyException">The connection string is invalid.</exception>
    public static RedisConnection Parse(string connection, RedisTlsOptions? tls = null)
    {
        if (string.IsNullOrWhiteSpace(connection))
            throw new InvalidTopologyException($"The connection string of a node is empty; {Example}, or memory:NAME.");
        var options = Read(connection) ?? throw new InvalidTopologyException(ProblemOf(connection));
        if (options.EndPoints.Count == 0)
            throw new InvalidTopologyException($"The connection string names no server; {Example}.");
        var defaultPort = options.ServiceName is { Length: > 0 } ? 26379 : options.Ssl ? 6380 : 6379;
        var address = string.Join(',', options.EndPoints.Select(server => Format(server, defaultPort)));
        if (options.ServiceName is { Length: > 0 } service)
            address = $"{service}@{address}";
        // Commands that wait for a lost connection would cost their callers the budget.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        if (SecretReference.In(options.Password) is { } secret)
        {
            options.Defaults = new ReferencedPassword(secret);
            options.Password = null;
        }

        tls?.ApplyTo(options);
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);
        (options.ConfigCheckSeconds, options.TopologyRefreshSeconds) = (RoleCheckSeconds, RoleCheckSeconds);
        return new(options, address);
    }

    /// <summary>Whether a connection string has a password in clear.</summary>
    /// <exception cref="InvalidTopologyException">The connection string is invalid.</exception>
    public static bool HasPassword(string connection) =>
        MemoryStore.ServerNameIn(connection) is null && Parse(connection).Options is { Defaults: not ReferencedPassword } options
        && options.Password is { Length: > 0 };

    private static ConfigurationOptions? Read(string connection)
    {
        try
        {
            return ConfigurationOptions.Parse(connection);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static string ProblemOf(string connection)
    {
        var parts = connection.Split(',');
        var bad = Array.FindIndex(parts, static part => Read(part) is null);
        return bad < 0
            ? $"The connection string is not valid for StackExchange.Redis; {Example}."
            : $"Part {bad + 1} of the {parts.Length} in the connection string is unknown to StackExchange.Redis or has an invalid value; "
                + $"{Example}. (It is not shown, because it may be secret.)";
    }

    private static string Format(EndPoint server, int defaultPort)
    {
        var (host, port) = server switch
        {
            DnsEndPoint dns => (dns.Host, dns.Port),
            IPEndPoint { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } ip => ($"[{ip.Address}]", ip.Port),
            IPEndPoint ip => (ip.Address.ToString(), ip.Port),
            _ => throw new InvalidTopologyException(
                $"A server in the connection string is neither a name nor an IP address with a port; {Example}."),
        };
        // A URL would otherwise pass as a name, and would be shown with the user and password in it.
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw new InvalidTopologyException(
                $"A server in the connection string is neither a host name nor an IP address (URLs are not supported); {Example}.");
        return $"{host}:{(port != 0 ? port : defaultPort)}";
    }
}
