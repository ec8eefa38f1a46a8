namespace Orleans.Configuration;

/// <summary>The gateways that a client knows from the start.</summary>
public class StaticGatewayListProviderOptions
{
    /// <summary>The gateways, such as <c>gwy.tcp://127.0.0.1:30000/0</c>.</summary>
    public List<Uri> Gateways { get; set; } = [];
}
