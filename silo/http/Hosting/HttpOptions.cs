using System.Net;

namespace OrleansCache.Http;

/// <summary>The HTTP server of a silo.</summary>
internal sealed class HttpOptions
{
    /// <summary>
    /// The address on which it listens: this machine alone, unless <see cref="ApiKeys"/> or an <see cref="Authority"/> say who may come.
    /// Default: 127.0.0.1.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port; 0 for no HTTP server. Default: 8080.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>
    /// A Unix domain socket on which it listens instead, whose file says who may connect; empty for none. For what runs on the same
    /// machine, such as a reverse proxy.
    /// </summary>
    public string Socket { get; set; } = "";

    /// <summary>The keys of callers. None: everybody who can connect may do everything.</summary>
    public IList<ApiKeyOptions> ApiKeys { get; } = [];

    /// <summary>The issuer of bearer tokens (OpenID Connect); empty for none.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The audience that bearer tokens must name.</summary>
    public string Audience { get; set; } = "orleanscache";

    /// <summary>The origins of web pages that may read answers (CORS). Default: none.</summary>
    public IList<string> Origins { get; } = [];

    /// <summary>The most lookups in flight; what comes above is answered 503. Default: 2,048.</summary>
    public int MaxLookups { get; set; } = 2_048;

    /// <summary>The most edits in flight. Default: 256.</summary>
    public int MaxEdits { get; set; } = 256;

    /// <summary>The most requests of operators and of viewers of the page in flight. Default: 64.</summary>
    public int MaxOperations { get; set; } = 64;

    /// <summary>Whether <c>/metrics</c> answers in Prometheus' format. Default: yes.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>Where metrics and traces are sent by OTLP, such as <c>http://127.0.0.1:4317</c>; empty for nowhere.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>
    /// The share of the lookups, edits and requests that begin here which are traced, from 0 to 1; what continues a caller's trace follows
    /// the caller. With 0 there are no traces, and calls carry no context of them. Default: 0.1.
    /// </summary>
    public double TraceRatio { get; set; } = 0.1;

    /// <summary>Whether traces are sent.</summary>
    public bool Traces => OtlpEndpoint.Length > 0 && TraceRatio > 0;

    /// <summary>Whether there is a server.</summary>
    public bool IsOn => Port > 0 || Socket.Length > 0;

    /// <summary>Whether callers must say who they are.</summary>
    public bool NeedsCredentials => ApiKeys.Count > 0 || Authority.Length > 0;

    /// <summary>Whether only this machine can connect.</summary>
    public bool IsLoopback => Socket.Length > 0 || (IPAddress.TryParse(Address, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>A key by which a caller is known.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>The name under which its use is logged. Several keys may have the same roles, so that one can replace another.</summary>
    public string Id { get; set; } = "";

    /// <summary>The SHA-256 of the key, as 64 hexadecimal digits.</summary>
    public string Hash { get; set; } = "";

    /// <summary>What its bearer may do: <c>read</c>, <c>edit</c> (and read), <c>operate</c> (and everything).</summary>
    public string Role { get; set; } = "";
}
