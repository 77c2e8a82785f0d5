# escape=`
ARG WINDOWS=ltsc2022
FROM mcr.microsoft.com/windows/servercore:${WINDOWS} AS installer
SHELL ["powershell", "-NoLogo", "-Command", "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]
ENV AGENT_VERSION=3.9.1
RUN Invoke-WebRequest -UseBasicParsing -Uri ('https://example.org/agent/{0}/agent.zip' -f $env:AGENT_VERSION) -OutFile C:\agent.zip ; `
    if ((Get-FileHash C:\agent.zip -Algorithm SHA256).Hash -ne 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855') { throw 'bad hash' } ; `
    Expand-Archive C:\agent.zip -DestinationPath C:\agent ; `
    Remove-Item C:\agent.zip -Force

FROM mcr.microsoft.com/windows/nanoserver:${WINDOWS}
COPY --from=installer C:\agent C:\agent
WORKDIR C:\agent
ENV AGENT_HOME=C:\agent AGENT_PASSWORD=P@ssw0rd!Agent
RUN setx /M PATH "%PATH%;C:\agent\bin"
EXPOSE 8443
USER ContainerUser
ENTRYPOINT ["C:\\agent\\bin\\agent.exe", "--service"]
